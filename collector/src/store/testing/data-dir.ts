import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** An empty data folder, which goes when the tests of the file have ended. */
export function createDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
