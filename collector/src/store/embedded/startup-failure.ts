import { ColloquyError } from '../../errors.js';
import type { ExitReport } from './engine-process.js';

const TAIL_CHARACTERS = 400;

/** True when the engine found a port taken (`Code: 210`). */
export function isPortTaken({ stderr }: ExitReport): boolean {
  return /Code: 210\b.*Address already in use/s.test(stderr);
}

/** True when another engine holds the data folder (`Code: 76`). */
export function isFolderTaken({ stderr }: ExitReport): boolean {
  return /Code: 76\b/.test(stderr);
}

/** Says in one sentence why a child that never became ready ended. Pure. */
export function startupFailure(report: ExitReport, dataDir: string): ColloquyError {
  // The exit code is 0 for these too: only the text tells them apart.
  if (isFolderTaken(report)) {
    return new ColloquyError(
      'STARTUP_FAILED',
      `The data folder ${dataDir} is in use by another process; stop that one or choose another folder.`,
    );
  }
  const ending = report.signal ?? `exit code ${report.exitCode ?? 'unknown'}`;
  const tail = report.stderr.trim().replaceAll(/\s+/g, ' ').slice(-TAIL_CHARACTERS);
  return new ColloquyError(
    'STARTUP_FAILED',
    `The built-in ClickHouse ended before it was ready (${ending}); it said: ${tail === '' ? 'nothing' : tail}`,
  );
}
