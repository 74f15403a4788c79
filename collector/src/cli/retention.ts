import { parseArgs } from 'node:util';
import type { RetentionAnswer } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';
import { confirm } from './confirm.js';

export const RETENTION_USAGE = `Shows or sets how long threads are kept after they were last heard of.

Usage: colloquy retention show [options]
       colloquy retention set <days> [options]
       colloquy retention set off [options]    keeps them for good

  --url <url>   The collector to ask, default ${DEFAULT_URL}
  --yes         Do not ask

Threads go whole, once a day, from every table; what is older than a new setting goes at once.
`;

function print({ days, next_run_at, last_run }: RetentionAnswer): void {
  console.log(
    days === null
      ? 'Threads are kept for good.'
      : `Threads are kept for ${days} days after they were last heard of.`,
  );
  if (last_run !== null) {
    const { threads = 0, spans = 0 } = last_run.counts ?? {};
    const state =
      last_run.state === 'done' ? `${threads} threads, ${spans} spans went` : last_run.step;
    console.log(`Last run ${last_run.erased_at}: ${state}.`);
  }
  if (next_run_at !== null) console.log(`Next run ${next_run_at}.`);
}

/** @throws ColloquyError unless it is `off` or a whole number of days that is kept */
function readDays(text: string | undefined): number | null {
  if (text === 'off') return null;
  const days = Number(text);
  if (text !== undefined && Number.isInteger(days) && days >= 1 && days <= 36_500) return days;
  throw new ColloquyError(
    'STARTUP_FAILED',
    'Give the days to keep threads, from 1 to 36500, or off.',
  );
}

/**
 * Asks a running collector.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, or it refuses
 */
export async function retention(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      yes: { type: 'boolean', default: false },
    },
  });
  const [command = 'show', argument] = positionals;
  const ask = async (path: string, init?: RequestInit): Promise<RetentionAnswer> =>
    (await (await askCollector(values.url, path, init)).json()) as RetentionAnswer;
  if (command === 'show') {
    print(await ask('/retention'));
    return 0;
  }
  if (command !== 'set') throw new ColloquyError('STARTUP_FAILED', 'Say show, or set <days>.');
  const days = readDays(argument);
  if (days !== null) {
    const { expires } = await ask(`/retention?days=${days}`);
    const { threads = 0, traces = 0, spans = 0, logs = 0 } = expires ?? {};
    console.log(
      `Older than that, and erased at once: ${threads} threads, ${traces} traces, ${spans} spans, ${logs} log records.`,
    );
    if (!values.yes && !(await confirm(`Keep threads for ${days} days?`))) {
      console.log('Nothing was changed. --yes does it without asking.');
      return 1;
    }
  }
  print(
    await ask('/retention', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ days }),
    }),
  );
  return 0;
}
