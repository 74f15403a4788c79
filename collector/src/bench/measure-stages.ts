import type { ClickHouseClient } from '@clickhouse/client';
import { normaliseSpan } from '../normalise/normalise.js';
import { PROTOBUF_DECODER } from '../receivers/otlp/decode-protobuf.js';
import { createShelfMemory } from '../store/shelves.js';
import { readBriefs, threadIdsOf } from '../store/unnamed-days.js';
import { DerivedStore } from '../store/write-derived.js';
import { encodeFacts, insertRows } from '../store/write-facts.js';
import { loadThreads } from '../thread-loader.js';
import { withStore } from './bench-store.js';
import { collect, createChatRequests } from './create-requests.js';
import type { Figure, Section } from './figures.js';
import type { Measure } from './measurement.js';
import { startRecorder, type RecordedExport } from './record-requests.js';
import { SPAN_SHAPES, type SpanShape } from './span-shapes.js';

const PROJECT = 'bench';
const STAGES = ['decode', 'normalise', 'hash and encode', 'insert', 'rebuild'] as const;
type Stage = (typeof STAGES)[number];

/** Milliseconds by stage: as they pass, and of this process's CPU. */
class Stopwatch {
  readonly wall = new Map<Stage, number>();
  readonly cpu = new Map<Stage, number>();

  async time<T>(stage: Stage, run: () => T | Promise<T>): Promise<T> {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = await run();
    const { user, system } = process.cpuUsage(cpu);
    this.wall.set(stage, (this.wall.get(stage) ?? 0) + performance.now() - start);
    this.cpu.set(stage, (this.cpu.get(stage) ?? 0) + (user + system) / 1_000);
    return result;
  }
}

/** One request after the other through what the collector does with it, and the rebuild at the end. */
async function runStages(
  client: ClickHouseClient,
  requests: readonly RecordedExport[],
  signal: AbortSignal,
): Promise<Stopwatch> {
  const watch = new Stopwatch();
  const memory = createShelfMemory();
  const receivedAt = new Date().toISOString().replace('T', ' ').replace('Z', '');
  const traceIds: string[] = [];
  for (const { body } of requests) {
    signal.throwIfAborted();
    const { items } = await watch.time('decode', () => PROTOBUF_DECODER.traces(body));
    const spans = await watch.time('normalise', () => items.map(normaliseSpan));
    const rows = await watch.time('hash and encode', () =>
      encodeFacts({ projectId: PROJECT, bytes: 0, spans, logs: [] }, receivedAt, memory),
    );
    await watch.time('insert', () => insertRows(client, rows.tables));
    rows.commit();
    traceIds.push(...rows.touched.map(({ traceId }) => traceId));
  }
  await watch.time('rebuild', () => rebuildAll(client, traceIds));
  return watch;
}

async function rebuildAll(client: ClickHouseClient, traceIds: readonly string[]): Promise<void> {
  const derived = new DerivedStore(client, Date.now);
  const threadIds = await threadIdsOf(client, PROJECT, await readBriefs(client, PROJECT, traceIds));
  await derived.write(PROJECT, await loadThreads(client, PROJECT, threadIds));
}

function describe(title: string, watch: Stopwatch, spans: number): Section {
  const total = [...watch.cpu.values()].reduce((sum, value) => sum + value, 0);
  const figures = STAGES.map((stage): Figure => {
    const cpu = watch.cpu.get(stage) ?? 0;
    const wall = ((watch.wall.get(stage) ?? 0) * 1_000) / spans;
    const share = ((cpu / total) * 100).toFixed(0);
    const note = `${share.padStart(3)} % of the CPU; ${wall.toFixed(0)} ms with waiting`;
    return { name: `${stage} per 1,000 spans`, value: (cpu * 1_000) / spans, unit: 'ms', note };
  });
  return { title, figures };
}

const PLAN = { threads: 20, turns: 20, messageSize: 2_000 };

async function createRequests(
  name: string,
  shape: SpanShape,
  signal: AbortSignal,
): Promise<readonly RecordedExport[]> {
  const recorder = await startRecorder();
  try {
    return await collect(createChatRequests(recorder, { name, ...PLAN }, shape), signal);
  } finally {
    await recorder.stop();
  }
}

/** Where the collector's time goes, stage by stage, in this process; after a round to warm up. */
export const measureStages: Measure = ({ progress, signal }) =>
  withStore(async (open) => {
    const sections: Section[] = [];
    for (const [shapeName, shape] of Object.entries(SPAN_SHAPES)) {
      progress(`stages of ${shapeName} spans`);
      const warmUp = await createRequests(`warm-up-${shapeName}`, shape, signal);
      const requests = await createRequests(`stages-${shapeName}`, shape, signal);
      await runStages(await open(`warm_up_${shapeName}`), warmUp, signal);
      const watch = await runStages(await open(`stages_${shapeName}`), requests, signal);
      const spans = requests.reduce((sum, request) => sum + request.spans, 0);
      sections.push(describe(`Stages, ${shapeName} spans of 20-turn threads`, watch, spans));
    }
    return sections;
  });
