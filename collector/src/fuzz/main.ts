import { parseArgs } from 'node:util';
import { attackCollector } from './attack.js';
import { readCorpus } from './corpus.js';
import { type Fault, fuzzInProcess } from './in-process.js';
import { megabytes } from './memory.js';

const USAGE = `Changes recorded requests in ways that nobody should send: flipped bits, wrong lengths, spliced
requests, hostile texts and numbers, deep nesting, zip bombs. All go through decoding, the dialects and
the encoding of rows; a share is sent to a collector of its own, to which connections that send little
or nothing are held open as well. Loopback only, in a temporary folder.

Usage: npm run fuzz [-- options]

  --payloads <n>     How many, default 100000.
  --sent <n>         How many of them go to a collector, default one in 50.
  --connections <n>  Connections to hold open to it that send little or nothing, default 2000.
  --seed <n>         What is chosen by chance, default by the clock.
  --from <n>         Number of the first, to go through one again; default 0.
  --help             Show this text.
`;

const INTERRUPTED = 130;
const SENT_SHARE = 50;
const MAX_SHOWN = 10;

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
  return Number(text);
}

interface Task {
  readonly payloads: number;
  readonly sent: number;
  readonly connections: number;
  readonly seed: number;
  readonly from: number;
}

/** @returns `undefined` when only help is wanted */
function readTask(): Task | undefined {
  const { values } = parseArgs({
    options: {
      payloads: { type: 'string', default: '100000' },
      sent: { type: 'string' },
      connections: { type: 'string', default: '2000' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
      from: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const payloads = whole('payloads', values.payloads);
  const sent = whole('sent', values.sent ?? String(Math.ceil(payloads / SENT_SHARE)));
  if (sent > payloads) throw new Error('--sent must not be more than --payloads.');
  return {
    payloads,
    sent,
    connections: whole('connections', values.connections),
    seed: whole('seed', values.seed),
    from: whole('from', values.from),
  };
}

const show = (what: string, faults: readonly Fault[]): void => {
  for (const { payload, reason } of faults.slice(0, MAX_SHOWN))
    console.log(`${what}: payload ${payload}: ${reason}`);
};

const progress = (message: string): void => console.error(`… ${message}`);

async function run(task: Task, signal: AbortSignal): Promise<number> {
  const { payloads, sent, connections, seed, from } = task;
  progress(`seed ${seed}`);
  const corpus = readCorpus();
  const inside = await fuzzInProcess({
    corpus,
    seed,
    from,
    payloads,
    progress: (done) => progress(`${done} of ${payloads}, ${megabytes(process.memoryUsage.rss())}`),
    signal,
  });
  const { taken, refused, slowest } = inside;
  console.log(`in process: ${taken} taken, ${refused} refused`);
  console.log(`slowest: payload ${slowest.payload}, ${slowest.ms.toFixed(0)} ms`);
  const numbers = Array.from({ length: sent }, (_, n) => from + Math.floor((n * payloads) / sent));
  const outside = await attackCollector({
    corpus,
    seed,
    payloads: numbers,
    connections,
    progress,
    signal,
  });
  const { answers, dead, held, memory } = outside;
  console.log(`sent: ${sent}, answered ${answers.toString()}; dead letters: ${dead.toString()}`);
  if (held !== undefined)
    console.log(
      `connections: ${connections} held open, ${held.open} of them still after ${held.seconds.toFixed(0)} s, memory ${megabytes(held.memory)} meanwhile`,
    );
  const crashed = [...inside.crashed, ...outside.failed];
  const unanswered = [...inside.slow, ...outside.unanswered];
  show('crashed', crashed);
  show('unanswered', unanswered);
  const used = `${megabytes(memory.start)} at the start, ${megabytes(memory.end)} at the end`;
  console.log(
    `crashed: ${crashed.length} unanswered: ${unanswered.length} of ${payloads} payloads, memory ${used}, ${megabytes(memory.peak)} at the most`,
  );
  return crashed.length + unanswered.length + (held?.open ?? 0) === 0 ? 0 : 1;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}
try {
  const task = readTask();
  if (task === undefined) console.log(USAGE);
  else process.exitCode = await run(task, interruption.signal);
} catch (error) {
  const { aborted } = interruption.signal;
  console.error(aborted ? 'Stopped.' : error instanceof Error ? error.message : String(error));
  process.exitCode = aborted ? INTERRUPTED : 1;
}
