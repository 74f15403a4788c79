import { open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { comparePositions, type Position } from './position.js';

const SUFFIX = '.cursor';

const positionSchema = z.object({
  segment: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
});

async function readCursor(path: string): Promise<Position | undefined> {
  try {
    return positionSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // None yet, or unreadable: what it stood for is read again, which changes nothing.
    return undefined;
  }
}

/** How far each reader of the spool has come, on disk. */
export class Cursors {
  readonly #folder: string;
  readonly #positions: Map<string, Position>;

  private constructor(folder: string, positions: Map<string, Position>) {
    this.#folder = folder;
    this.#positions = positions;
  }

  /** Reads the positions of these readers; those of others are forgotten, so that they hold nothing back. */
  static async open(folder: string, startOf: Readonly<Record<string, Position>>): Promise<Cursors> {
    const positions = new Map<string, Position>();
    for (const [name, start] of Object.entries(startOf))
      positions.set(name, (await readCursor(join(folder, name + SUFFIX))) ?? start);
    for (const file of await readdir(folder))
      if (file.endsWith(SUFFIX) && !positions.has(file.slice(0, -SUFFIX.length)))
        await rm(join(folder, file), { force: true });
    return new Cursors(folder, positions);
  }

  /** @throws RangeError for a name that was not given to `open` */
  get(name: string): Position {
    const position = this.#positions.get(name);
    if (position === undefined) throw new RangeError(`There is no reader "${name}".`);
    return position;
  }

  /** Where the slowest of them is. */
  get first(): Position {
    return [...this.#positions.values()].reduce((a, b) => (comparePositions(a, b) < 0 ? a : b));
  }

  /** Whole or not at all: a power cut leaves the old position, and what follows it is read again. */
  async set(name: string, position: Position): Promise<void> {
    this.#positions.set(name, position);
    const path = join(this.#folder, name + SUFFIX);
    const draft = `${path}.draft`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(position));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  }
}
