import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';

export const REBUILD_USAGE = `Runs the rules of this version over what is stored, and rebuilds the threads.

Usage: colloquy rebuild [options]

  --url <url>      The collector to ask, default ${DEFAULT_URL}
  --thread <id>    This thread alone

What arrived stays as it is. Running it again, or while telemetry comes in, does no harm.
`;

interface Line {
  readonly records?: number;
  readonly changed?: number;
  readonly error?: string;
  readonly done?: boolean;
}

const report = ({ records = 0, changed = 0 }: Line): string =>
  `${records} spans and log records read, ${changed} changed`;

/** A line that writes over itself on a terminal, and is written once elsewhere. */
function showProgress(line: string, isLast: boolean): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${line}${isLast ? '\n' : ''}`);
  else if (isLast) process.stdout.write(`${line}\n`);
}

/**
 * Has a running collector rebuild, and shows how far it is.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, one is rebuilding already, or the run breaks off
 */
export async function rebuild(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      thread: { type: 'string' },
    },
  });
  const { thread } = values;
  const query = thread === undefined ? '' : `?thread_id=${encodeURIComponent(thread)}`;
  const { body } = await askCollector(values.url, `/rebuild${query}`, {
    method: 'POST',
    // What a form of some web page could send is refused.
    headers: { 'content-type': 'application/json' },
    // A large store takes as long as it takes; progress shows that it goes on.
    signal: null,
  });
  let last: Line = {};
  let isDone = false;
  const input = body === null ? Readable.from([]) : Readable.fromWeb(body);
  for await (const text of createInterface({ input })) {
    const line = JSON.parse(text) as Line;
    if (line.error !== undefined) throw new ColloquyError('STARTUP_FAILED', line.error);
    isDone = line.done === true;
    if (!isDone) last = line;
    showProgress(report(last), isDone);
  }
  if (isDone) return 0;
  throw new ColloquyError('STARTUP_FAILED', 'The collector broke off; run it again.');
}
