import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ACCESS_SCOPES } from '@colloquy/schema';
import { z } from 'zod';
import { digest } from '../digest.js';
import type { AccessRecords } from './access-key.js';

/** `JSON.stringify` leaves out what is undefined. */
const maybe = <T extends z.ZodType>(shape: T) =>
  shape.optional().transform((value): z.output<T> | undefined => value);

const recordsShape = z.object({
  keys: z.array(
    z.object({
      keyId: z.string(),
      projectId: maybe(z.string()),
      name: z.string(),
      scopes: z.array(z.enum(ACCESS_SCOPES)),
      origins: z.array(z.string()),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      tokenPublicKey: z.string(),
      limits: z.object({
        requestsPerSecond: maybe(z.number()),
        bytesPerSecond: maybe(z.number()),
        maxBodyBytes: maybe(z.number()),
      }),
      createdAt: z.number(),
      expiresAt: maybe(z.number()),
      revokedAt: maybe(z.number()),
    }),
  ),
  projects: z.array(
    z.object({ projectId: z.string(), name: z.string(), createdAt: maybe(z.number()) }),
  ),
});

/**
 * The last known keys, hashed, in the data folder: they hold while ClickHouse is away, also over a
 * restart. Readable by its owner alone.
 */
export class KeyFile {
  readonly #folder: string;
  readonly #path: string;
  #written = '';

  /** @param store - what tells one database from another; several may share a folder */
  constructor(folder: string, store: string) {
    this.#folder = folder;
    this.#path = join(folder, `keys-${digest(store).slice(0, 12)}.json`);
  }

  /** What was written last; `undefined` where nothing was, or nothing that can be read. */
  async read(): Promise<AccessRecords | undefined> {
    try {
      return recordsShape.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Writes what has changed; that there is no key yet is worth knowing, too. */
  async write(records: AccessRecords): Promise<void> {
    const text = `${JSON.stringify(records)}\n`;
    if (text === this.#written) return;
    const draft = `${this.#path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, text, { mode: 0o600, flush: true });
      await rename(draft, this.#path);
      this.#written = text;
    } finally {
      await rm(draft, { force: true });
    }
  }
}
