import { parseArgs } from 'node:util';
import { findFreePort } from '../store/embedded/ports.js';
import { runChaos, type RoundResult } from './chaos.js';
import { sum } from './check.js';
import type { OutageResult } from './outage.js';

const USAGE = `Lets go wrong what can under a steady load, then asks for every span that was acknowledged:

  ClickHouse embedded   collector and ClickHouse are killed at random moments, the disk is full
  ClickHouse apart      the same, and connections between both are cut in the middle of inserts
  ClickHouse away       ClickHouse is halted, then gone, and the collector goes on taking spans

Loopback only, in temporary folders.

Usage: npm run chaos [-- options]

  --kills <n>    Processes to kill, half of them with ClickHouse apart; default 200, 0 for none.
  --outage <s>   Seconds for which ClickHouse is away; default 120, 0 for none.
  --rate <n>     Spans a second while ClickHouse is away, default 500.
  --seed <n>     What is chosen by chance, default by the clock.
  --help         Show this text.
`;

const INTERRUPTED = 130;

/** Away from a collector of the user's. */
const FIRST_PORT = 24_318;

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
  return value;
}

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);

/** How much more memory the second half of an outage may need than the first: what a heap varies by. */
const MEMORY_SLACK = 1.25;
/** In a short outage the process is still warming up. */
const WARM_UP_BYTES = 96 * 1024 ** 2;

function isFlat({ peaks }: OutageResult): boolean {
  const [, first = 0, second = 0, third = 0, last = 0] = peaks;
  return !(Math.max(third, last) > MEMORY_SLACK * Math.max(first, second) + WARM_UP_BYTES);
}

function describeOutage(outage: OutageResult | undefined): readonly string[] {
  if (outage === undefined) return [];
  const { seconds, acknowledged, refused, peaks } = outage;
  const [before = 0, first = 0, second = 0, third = 0, last = 0, after = 0] = peaks.map(megabytes);
  return [
    `  away for ${seconds.toFixed(0)} s: ${acknowledged} spans acknowledged meanwhile, ${refused} requests refused`,
    `  memory of the collector, MB: ${before} before, ${first} ${second} ${third} ${last} by quarters, ${after} catching up${isFlat(outage) ? '' : ' (it grows)'}`,
  ];
}

function describeRound(round: RoundResult): string {
  const { name, faults, sent, seconds, wrong, threads, asked, outage } = round;
  const list = [...faults].map(([fault, times]) => `${fault} ${times}`).join(', ');
  const few = wrong.length === 0 ? '' : ` (${wrong.slice(0, 5).join(', ')})`;
  return [
    `${name}: ${sent.requests} requests acknowledged in ${seconds.toFixed(0)} s, sent again ${sent.retries} times`,
    ...(list === '' ? [] : [`  ${list}`]),
    ...describeOutage(outage),
    `  lost ${round.lost}, doubled ${round.doubled}; not word for word ${wrong.length} of ${asked} conversations${few}${asked < threads ? `, spans counted in all ${threads}` : ''}`,
  ].join('\n');
}

const isGood = ({ lost, doubled, wrong, outage }: RoundResult): boolean =>
  lost + doubled + wrong.length === 0 &&
  (outage === undefined || (outage.refused === 0 && isFlat(outage)));

function render(rounds: readonly RoundResult[]): string {
  const [lost, doubled] = [sum(rounds.map((r) => r.lost)), sum(rounds.map((r) => r.doubled))];
  const acknowledged = sum(rounds.map(({ sent }) => sent.acknowledged.length));
  return [
    ...rounds.map(describeRound),
    `lost: ${lost} doubled: ${doubled} of ${acknowledged} acknowledged`,
  ].join('\n');
}

async function main(signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      outage: { type: 'string', default: '120' },
      rate: { type: 'string', default: '500' },
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
  const rounds = await runChaos({
    kills: whole('kills', values.kills),
    outageSeconds: whole('outage', values.outage),
    outageRate: Math.max(1, whole('rate', values.rate)),
    seed,
    port: await findFreePort(FIRST_PORT),
    progress: (message) => console.error(`… ${message}`),
    signal,
  });
  console.log(render(rounds));
  return rounds.every(isGood) ? 0 : 1;
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
