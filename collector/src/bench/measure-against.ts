import { describeComparison, type Memory, type Round } from './comparison.js';
import { collect, createChatRequests, createPlainRequests } from './create-requests.js';
import type { Section } from './figures.js';
import type { Against, BenchOptions, Measure } from './measurement.js';
import { pollHealthDuring } from './poll-health.js';
import { listenerOn, treeCpuSeconds, treePeakMemory } from './process-tree.js';
import { cpuSeconds, peakMemory } from './process-usage.js';
import { startRecorder, type RecordedExport } from './record-requests.js';
import { sendRequests } from './send-requests.js';
import { settle } from './settle.js';
import { SPAN_SHAPES } from './span-shapes.js';
import { spawnCollector } from './spawn-collector.js';
import { spawnCommand } from './spawn-command.js';
import { diskUsage, withTemporaryFolder } from './temporary-folder.js';
import { waitForTurns } from './wait-for-threads.js';

const IN_FLIGHT = 4;
const PLAIN_REQUESTS = 100;
/** The first one warms both up and is not counted. */
const ROUNDS = 5;
const REBUILD_TIMEOUT_MS = 120_000;

interface Load {
  readonly title: string;
  readonly requests: readonly RecordedExport[];
  /** Turns that our lists show afterwards. */
  readonly turns: number;
}

/** A running collector, ours or the other. */
interface Side {
  readonly url: string;
  /** What was started; its store is below it. */
  readonly root: number;
  /** Who answers at the URL. */
  readonly collector: number;
}

async function prepare({ threads, progress, signal }: BenchOptions): Promise<readonly Load[]> {
  progress('making requests');
  const recorder = await startRecorder();
  const plan = { name: 'against', threads, turns: 20, messageSize: 2_000 };
  try {
    const chat = await collect(createChatRequests(recorder, plan, SPAN_SHAPES.otel), signal);
    const plain = await collect(createPlainRequests(recorder, PLAIN_REQUESTS), signal);
    const title = `${threads} threads of ${plan.turns} turns that re-send their history`;
    return [
      { title, requests: chat, turns: threads * plan.turns },
      { title: 'plain spans', requests: plain, turns: 0 },
    ];
  } finally {
    await recorder.stop();
  }
}

/** Splits them into as many rounds, in order. */
function intoRounds<T>(items: readonly T[]): readonly (readonly T[])[] {
  const size = Math.ceil(items.length / ROUNDS);
  return Array.from({ length: ROUNDS }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  ).filter((round) => round.length > 0);
}

/** Sends one round, and counts CPU until all that follows from it is done. */
async function runRound(
  { url, root, collector }: Side,
  requests: readonly RecordedExport[],
  signal: AbortSignal,
): Promise<Round & { readonly busyUntil: number }> {
  const [all, own] = [treeCpuSeconds(root), cpuSeconds(collector)];
  const sent = await sendRequests(requests, { url, inFlight: IN_FLIGHT, signal });
  const { cpu, at, quiet } = await settle(() => treeCpuSeconds(root), signal);
  const collectorCpu = cpuSeconds(collector) - own;
  return { ...sent, cpu: cpu - all, collectorCpu, quiet, busyUntil: at };
}

/** The same requests to both by turns, each round first to the one that was second before. */
async function runRounds(ours: Side, theirs: Side, load: Load, { progress, signal }: BenchOptions) {
  const rounds = { ours: [] as Round[], theirs: [] as Round[] };
  const latenciesMs: number[] = [];
  const runOurs = async (requests: readonly RecordedExport[]): Promise<void> => {
    const { result: round, polls } = await pollHealthDuring(ours.url, () =>
      runRound(ours, requests, signal),
    );
    rounds.ours.push(round);
    latenciesMs.push(
      ...polls.filter(({ at }) => at < round.busyUntil).map(({ latencyMs }) => latencyMs),
    );
  };
  const runTheirs = async (requests: readonly RecordedExport[]): Promise<void> => {
    rounds.theirs.push(await runRound(theirs, requests, signal));
  };
  for (const [index, requests] of intoRounds(load.requests).entries()) {
    progress(`${load.title}: round ${index + 1} of ${ROUNDS}`);
    const order = index % 2 === 0 ? [runOurs, runTheirs] : [runTheirs, runOurs];
    for (const run of order) await run(requests);
  }
  return { rounds, latenciesMs };
}

/** Runs both; they have stopped when this resolves. */
async function withBoth<T>(
  dataDir: string,
  { command, url }: Against,
  { signal, profileDir }: BenchOptions,
  use: (ours: Side, theirs: Side) => Promise<T>,
): Promise<T> {
  const other = await spawnCommand(command, { url, signal });
  try {
    const own = await spawnCollector({ dataDir, profileDir, signal });
    const listener = listenerOn(Number(new URL(url).port), other.pid);
    try {
      return await use(
        { url: own.url, root: own.pid, collector: own.pid },
        { url, root: other.pid, collector: listener ?? other.pid },
      );
    } finally {
      await own.stop();
    }
  } finally {
    await other.stop();
  }
}

const readMemory = ({ root, collector }: Side): Memory => ({
  collector: peakMemory(collector),
  all: treePeakMemory(root),
});

async function compare(load: Load, against: Against, options: BenchOptions): Promise<Section> {
  const { signal } = options;
  return withTemporaryFolder(async (dataDir) => {
    const readDisk = async () => ({
      ours: await diskUsage(dataDir),
      theirs: against.dataDir === undefined ? Number.NaN : await diskUsage(against.dataDir),
    });
    const measured = await withBoth(dataDir, against, options, async (ours, theirs) => {
      const empty = await readDisk();
      const results = await runRounds(ours, theirs, load, options);
      await waitForTurns(ours.url, load.turns, { signal, timeoutMs: REBUILD_TIMEOUT_MS });
      return { empty, ...results, memory: { ours: readMemory(ours), theirs: readMemory(theirs) } };
    });
    // Only now: ClickHouse keeps what it has merged for minutes, but not when it has stopped.
    const { empty } = measured;
    const full = await readDisk();
    const disk = { ours: full.ours - empty.ours, theirs: full.theirs - empty.theirs };
    return { title: load.title, figures: describeComparison({ ...measured, disk }) };
  });
}

/** The same requests into ours and into another collector, in one run. */
export const measureAgainst: Measure = async (options) => {
  const { against } = options;
  if (against === undefined) throw new Error('Name the other collector with --against.');
  const sections: Section[] = [];
  for (const load of await prepare(options)) sections.push(await compare(load, against, options));
  return sections;
};
