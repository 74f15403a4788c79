import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalSpan, Message, SpanFact, ThreadFacts } from '@colloquy/schema';
import { rebuild } from '../conversation/rebuild.js';
import { hashContent } from '../digest.js';
import { selectRows } from '../store/client.js';
import { readBriefs, threadIdsOf } from '../store/unnamed-days.js';
import { createShelfMemory } from '../store/shelves.js';
import { DerivedStore } from '../store/write-derived.js';
import { encodeFacts, insertRows, type TouchedTrace } from '../store/write-facts.js';
import { LoadMemory } from '../load-memory.js';
import { loadThreads } from '../thread-loader.js';
import { withStore } from './bench-store.js';
import type { Figure, Section } from './figures.js';
import { createLongThread, type LongThread } from './long-thread.js';
import type { Measure } from './measurement.js';

const PROJECT = 'bench';
/** Lengths of the thread, in generations, at which it is measured. */
const LENGTHS = [100, 500, 1_000, 2_000] as const;
const LONGEST = LENGTHS.at(-1) ?? 0;
/** Generations that arrive one at a time before each length is reached. */
const STEPS = 10;
/** Generations in one insert when only the length matters. */
const FILL = 10;

const cpuMs = async (run: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** How the cost of one more message grows from the shortest length to the longest: 1 is linear. */
const growth = (costs: readonly number[]): Figure => ({
  name: `from ${LENGTHS[0]} to ${LONGEST}, per new message`,
  value: (costs.at(-1) ?? Number.NaN) / (costs[0] ?? Number.NaN),
  unit: 'x',
  note: '1 is linear',
});

/** A fact as the store would give it; equal messages are hashed once. */
function createFacts(thread: LongThread, turns: number): ThreadFacts {
  const hashes = new Map<Message, string>();
  const hashOf = (message: Message): string => {
    const hash = hashes.get(message) ?? hashContent(message);
    hashes.set(message, hash);
    return hash;
  };
  const factOf = ({ span, genAi }: CanonicalSpan): SpanFact => ({
    ...span,
    ...genAi,
    serviceName: 'chat-service',
    linkedTraceIds: [],
    systemHashes: [],
    inputHashes: genAi.inputMessages.map(hashOf),
    outputHashes: genAi.outputMessages.map(hashOf),
  });
  const spans = Array.from({ length: turns }, (_, index) => factOf(thread.callOf(index + 1)));
  const contents = new Map([...hashes].map(([message, hash]) => [hash, message]));
  return { threadId: thread.threadId, spans, logs: [], contents };
}

/** Clears away what making the facts has left, which is no cost of what is measured next. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** The rebuild alone, of facts in memory. */
async function measurePure(thread: LongThread, signal: AbortSignal): Promise<Section> {
  rebuild(createFacts(thread, LENGTHS[0]));
  const figures: Figure[] = [];
  const costs: number[] = [];
  for (const length of LENGTHS) {
    signal.throwIfAborted();
    const facts = createFacts(thread, length);
    collectGarbage();
    const ms = await cpuMs(() => rebuild(facts));
    costs.push(ms / length);
    figures.push({ name: `${length} generations`, value: ms, unit: 'ms' });
  }
  const note = 'CPU of a rebuild from facts in memory';
  return {
    title: 'Rebuild of a thread that re-sends its history',
    figures: [...figures.map((figure) => ({ ...figure, note })), growth(costs)],
  };
}

/** What ClickHouse has done since it started. */
type EngineUse = Readonly<
  Record<'OSCPUVirtualTimeMicroseconds' | 'SelectedRows' | 'InsertedRows', number>
>;

async function readUse(client: ClickHouseClient): Promise<EngineUse> {
  const rows = await selectRows<{ event: string; value: string }>(
    client,
    `SELECT event, value FROM system.events
     WHERE event IN ('OSCPUVirtualTimeMicroseconds', 'SelectedRows', 'InsertedRows')`,
    {},
  );
  return Object.fromEntries(rows.map(({ event, value }) => [event, Number(value)])) as EngineUse;
}

/** A thread in the store, and what keeps its derived rows. */
class LivingThread {
  readonly client: ClickHouseClient;
  readonly thread: LongThread;
  readonly #shelves = createShelfMemory();
  readonly #memory = new LoadMemory();
  readonly #derived: DerivedStore;

  constructor(client: ClickHouseClient, thread: LongThread) {
    this.client = client;
    this.thread = thread;
    this.#derived = new DerivedStore(client, Date.now);
  }

  /** Stores the calls of these turns. */
  async store(from: number, to: number): Promise<readonly TouchedTrace[]> {
    const spans = Array.from({ length: to - from + 1 }, (_, index) =>
      this.thread.callOf(from + index),
    );
    const receivedAt = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const facts = encodeFacts(
      { projectId: PROJECT, spans, logs: [], bytes: 0 },
      receivedAt,
      this.#shelves,
    );
    await insertRows(this.client, facts.tables);
    facts.commit();
    return facts.touched;
  }

  async rebuild(touched: readonly TouchedTrace[]): Promise<void> {
    const traceIds = touched.map(({ traceId }) => traceId);
    const threadIds = await threadIdsOf(
      this.client,
      PROJECT,
      await readBriefs(this.client, PROJECT, traceIds),
    );
    await this.#derived.write(
      PROJECT,
      await loadThreads(this.client, PROJECT, threadIds, { memory: this.#memory }),
    );
  }
}

interface StepCost {
  readonly wall: number;
  readonly cpu: number;
  readonly engineCpu: number;
  readonly read: number;
  readonly written: number;
}

/** One generation more, and the thread rebuilt. */
async function step(living: LivingThread, turn: number): Promise<StepCost> {
  const touched = await living.store(turn, turn);
  const before = await readUse(living.client);
  const start = performance.now();
  const cpu = await cpuMs(() => living.rebuild(touched));
  const wall = performance.now() - start;
  const after = await readUse(living.client);
  const used = (name: keyof EngineUse): number => after[name] - before[name];
  return {
    wall,
    cpu,
    engineCpu: used('OSCPUVirtualTimeMicroseconds') / 1_000,
    read: used('SelectedRows'),
    written: used('InsertedRows'),
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A thread that grows while it is rebuilt, through the store. */
async function measureAlive(
  living: LivingThread,
  progress: (message: string) => void,
  signal: AbortSignal,
): Promise<Section> {
  const figures: Figure[] = [];
  const costs: number[] = [];
  let turn = 0;
  for (const length of LENGTHS) {
    progress(`a thread that lives, up to ${length} generations`);
    const filled: TouchedTrace[] = [];
    for (; turn < length - STEPS; turn = Math.min(turn + FILL, length - STEPS)) {
      signal.throwIfAborted();
      filled.push(...(await living.store(turn + 1, Math.min(turn + FILL, length - STEPS))));
    }
    await living.rebuild(filled);
    const steps: StepCost[] = [];
    for (; turn < length; turn += 1) {
      signal.throwIfAborted();
      steps.push(await step(living, turn + 1));
    }
    const of = (name: keyof StepCost): number => median(steps.map((cost) => cost[name]));
    const note = `${of('wall').toFixed(0)} ms with waiting; ClickHouse ${of('engineCpu').toFixed(0)} ms, ${of('read')} rows read, ${of('written')} written`;
    figures.push({ name: `the ${length}th generation`, value: of('cpu'), unit: 'ms', note });
    costs.push(of('cpu') + of('engineCpu'));
  }
  return {
    title: 'Rebuild of a living thread after each new generation, CPU',
    figures: [...figures, growth(costs)],
  };
}

/** How the rebuild grows with a thread that sends its whole history with every call. */
export const measureRebuild: Measure = async ({ progress, signal }) => {
  const thread = createLongThread('rebuild', LONGEST);
  progress('rebuild of long threads');
  const pure = await measurePure(thread, signal);
  return withStore(async (open) => {
    const living = new LivingThread(await open('rebuild'), thread);
    return [pure, await measureAlive(living, progress, signal)];
  });
};
