import { parseArgs } from 'node:util';
import { findFreePort } from '../store/embedded/ports.js';
import { runChaos, type ChaosResult } from './chaos.js';

const USAGE = `Kills the collector and ClickHouse at random moments under a steady load, fills the disk and
halts ClickHouse, then asks for every span that was acknowledged. Loopback only, in a temporary folder.

Usage: npm run chaos [-- options]

  --kills <n>   Processes to kill, default 200.
  --rate <n>    Requests a second, of 20 spans each, default 5.
  --seed <n>    What is chosen by chance, default by the clock.
  --help        Show this text.
`;

const INTERRUPTED = 130;

/** Away from a collector of the user's. */
const FIRST_PORT = 24_318;

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value === 0) throw new Error(`--${name} must be a whole number.`);
  return value;
}

function render(result: ChaosResult): string {
  const { faults, requests, retries, seconds, wrong, lost, doubled, acknowledged } = result;
  const list = [...faults].map(([name, times]) => `${name} ${times}`).join(', ');
  return [
    `faults: ${list}`,
    `${requests} requests acknowledged in ${seconds.toFixed(0)} s, sent again ${retries} times`,
    `conversations that are not word for word: ${wrong.length}${wrong.length === 0 ? '' : ` (${wrong.slice(0, 5).join(', ')})`}`,
    `lost: ${lost} doubled: ${doubled} of ${acknowledged} acknowledged`,
  ].join('\n');
}

async function main(signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      rate: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seed = whole('seed', values.seed);
  console.error(`… seed ${seed}`);
  const result = await runChaos({
    kills: whole('kills', values.kills),
    rate: whole('rate', values.rate),
    seed,
    port: await findFreePort(FIRST_PORT),
    progress: (message) => console.error(`… ${message}`),
    signal,
  });
  console.log(render(result));
  return result.lost + result.doubled + result.wrong.length === 0 ? 0 : 1;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}
try {
  process.exitCode = await main(interruption.signal);
} catch (error) {
  const { aborted } = interruption.signal;
  console.error(aborted ? 'Stopped.' : error instanceof Error ? error.message : String(error));
  process.exitCode = aborted ? INTERRUPTED : 1;
}
