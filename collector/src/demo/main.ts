import { parseArgs } from 'node:util';
import { runDemo } from './demo.js';

const USAGE = `Starts Colloquy, lets a chat service talk with two people, and shows the
conversations that Colloquy rebuilds from the telemetry. Needs no network.

Usage: npm run demo [-- --keep]

  --keep   Leave Colloquy running on its default ports until Ctrl-C.
  --help   Show this text.
`;

const MAX_WIDTH = 100;
const INTERRUPTED = 130;

async function main(signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const { columns, isTTY } = process.stdout;
  const { keep } = values;
  const width = isTTY ? Math.min(columns, MAX_WIDTH) : MAX_WIDTH;
  await runDemo({ keep, width, colour: isTTY, print: (text) => console.log(text) }, signal);
  return 0;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}
try {
  process.exitCode = await main(interruption.signal);
} catch (error) {
  const { aborted } = interruption.signal;
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  console.error(aborted ? 'Stopped.' : `The demo failed: ${reason}`);
  process.exitCode = aborted ? INTERRUPTED : 1;
}
