import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder on a disk of its own. */
export interface Disk {
  readonly folder: string;
  /** Whether it can be filled. */
  readonly isSmall: boolean;
  /** Takes up all that is free, until the returned function is called. */
  fill(): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

const PIECE_BYTES = 4 * 1024 ** 2;

const mountInMemory = (folder: string, megabytes: number): Promise<boolean> =>
  run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );

/**
 * A disk in memory of that size, where this process may mount one; otherwise, and where no size is
 * given, a plain folder that cannot be filled.
 */
export async function createDisk(megabytes?: number): Promise<Disk> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-chaos-'));
  const isSmall = megabytes !== undefined && (await mountInMemory(folder, megabytes));
  const ballast = join(folder, 'ballast');
  return {
    folder,
    isSmall,
    async fill() {
      for (let piece = 0; ; piece += 1) {
        const { bavail, bsize } = await statfs(folder);
        const bytes = Math.min(PIECE_BYTES, bavail * bsize);
        if (bytes === 0) break;
        try {
          await writeFile(`${ballast}.${piece}`, Buffer.alloc(bytes, 1));
        } catch {
          break;
        }
      }
      return async () => {
        for (let piece = 0; ; piece += 1) {
          const path = `${ballast}.${piece}`;
          const isThere = await rm(path).then(
            () => true,
            () => false,
          );
          if (!isThere) return;
        }
      };
    },
    async remove() {
      if (isSmall) await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
