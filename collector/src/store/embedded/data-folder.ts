import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';

import { ColloquyError } from '../../errors.js';

const passwordsSchema = z.object({ admin: z.string().min(1), reader: z.string().min(1) });

/** Made once for each data folder and kept in it, readable by its owner alone. */
type Passwords = z.infer<typeof passwordsSchema>;

/** A data folder that one starting engine may write to. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** For this engine's configuration alone, so that a second one does not disturb the first. */
  readonly runDir: string;
  readonly passwords: Passwords;
}

/**
 * Makes the folder where needed, and in it the passwords and a folder for this run.
 *
 * @throws ColloquyError `STARTUP_FAILED` when it cannot be written to
 */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const path = resolve(dataDir);
  try {
    for (const name of ['clickhouse/user_defined', 'logs', 'backups', 'run']) {
      await mkdir(join(path, name), { recursive: true, mode: 0o700 });
    }
    const runDir = await mkdtemp(`${join(path, 'run')}/`);
    return { path, runDir, passwords: await keepPasswords(join(path, 'passwords.json')) };
  } catch (cause) {
    if (cause instanceof ColloquyError) throw cause;
    throw unwritable(path, cause);
  }
}

/** Says that a folder, or something in it, cannot be written to. */
export function unwritable(path: string, cause: unknown): ColloquyError {
  const reason = errorCode(cause) ?? String(cause);
  return new ColloquyError(
    'STARTUP_FAILED',
    `The data folder ${path} cannot be written to (${reason}); make it writable or choose another one.`,
    { cause },
  );
}

/**
 * Removes what killed engines left behind. Only for the one whose engine runs: the engine's lock
 * says that no other does. (Process ids would not say so; in a container they are always the same.)
 */
export async function removeLeftovers({ runDir }: DataFolder): Promise<void> {
  const runs = dirname(runDir);
  for (const name of await readdir(runs)) {
    if (name === basename(runDir)) continue;
    await rm(join(runs, name), { recursive: true, force: true });
  }
}

async function keepPasswords(file: string): Promise<Passwords> {
  const made = { admin: newPassword(), reader: newPassword() };
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(made)}\n`, { mode: 0o600, flush: true });
  try {
    // Unlike a rename, a link never replaces: of two processes at once both get the same passwords.
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readPasswords(file);
}

async function readPasswords(file: string): Promise<Passwords> {
  const text = await readFile(file, 'utf8');
  try {
    return passwordsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ColloquyError(
      'STARTUP_FAILED',
      `The passwords in ${file} cannot be read; delete the file to have new ones made.`,
      { cause },
    );
  }
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
