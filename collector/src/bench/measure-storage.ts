import type { ClickHouseClient } from '@clickhouse/client';
import { normaliseSpan } from '../normalise/normalise.js';
import { PROTOBUF_DECODER } from '../receivers/otlp/decode-protobuf.js';
import { selectRows } from '../store/client.js';
import { createShelfMemory } from '../store/shelves.js';
import { encodeFacts, insertRows } from '../store/write-facts.js';
import { withStore } from './bench-store.js';
import { createChatRequests } from './create-requests.js';
import type { Section } from './figures.js';
import type { Measure } from './measurement.js';
import { startRecorder } from './record-requests.js';
import { SPAN_SHAPES, type SpanShape } from './span-shapes.js';
import { contentBytes, createThread, type ThreadPlan } from './synthetic-threads.js';

const PLAN: ThreadPlan = { name: 'storage', threads: 1, turns: 50, messageSize: 2_000 };
const KILOBYTE = 1_000;

/** Bytes before compression. */
const CONTENT_BYTES = `SELECT sum(length(message)) AS bytes FROM fact_contents FINAL`;
const ATTRIBUTE_BYTES = `SELECT
  sum(arraySum(arrayMap(text -> length(text), mapValues(attributes)))
    + arraySum(arrayMap(of -> arraySum(arrayMap(text -> length(text), mapValues(of))), \`events.attributes\`))) AS bytes
FROM fact_spans FINAL`;
const HASH_BYTES = `SELECT
  sum(16 * (length(input_pieces) + length(input_hashes) + length(output_hashes) + length(system_hashes)))
    + (SELECT sum(16 * length(content_hashes)) FROM fact_histories FINAL) AS bytes
FROM fact_spans FINAL`;
/** Bytes on disk of everything that belongs to the spans and their contents. */
const DISK_BYTES = `SELECT sum(data_compressed_bytes) AS bytes FROM system.parts
WHERE database = currentDatabase() AND active AND table IN ('fact_contents', 'fact_histories', 'fact_spans')`;

async function store(
  client: ClickHouseClient,
  shape: SpanShape,
  signal: AbortSignal,
): Promise<number> {
  const recorder = await startRecorder();
  const memory = createShelfMemory();
  let sent = 0;
  try {
    for await (const { body } of createChatRequests(recorder, PLAN, shape)) {
      signal.throwIfAborted();
      sent += body.length;
      const spans = PROTOBUF_DECODER.traces(body).items.map(normaliseSpan);
      const receivedAt = '2026-01-01 00:00:00.000';
      const batch = { projectId: 'bench', bytes: 0, spans, logs: [] };
      const rows = encodeFacts(batch, receivedAt, memory);
      await insertRows(client, rows.tables);
      rows.commit();
    }
  } finally {
    await recorder.stop();
  }
  for (const table of ['fact_contents', 'fact_histories', 'fact_spans']) {
    await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
  }
  return sent;
}

const note = (bytes: number): string => `${(bytes / KILOBYTE).toFixed(0)} kB`;

async function measureShape(
  name: string,
  shape: SpanShape,
  client: ClickHouseClient,
  signal: AbortSignal,
): Promise<Section> {
  const sent = await store(client, shape, signal);
  const ask = async (query: string): Promise<number> =>
    Number((await selectRows<{ bytes: string }>(client, query, {}))[0]?.bytes);
  const contents = await ask(CONTENT_BYTES);
  const attributes = await ask(ATTRIBUTE_BYTES);
  const hashes = await ask(HASH_BYTES);
  const unique = contentBytes(createThread(PLAN, 0));
  const ratio = (bytes: number) => ({ value: bytes / unique, unit: 'x' }) as const;
  return {
    title: `Storage of a ${PLAN.turns}-turn thread, ${name} spans, to its unique content`,
    figures: [
      { name: 'sent', ...ratio(sent), note: note(sent) },
      { name: 'kept as contents', ...ratio(contents), note: `${note(contents)}; at most 1.3 x` },
      { name: 'left in attributes and events', ...ratio(attributes), note: note(attributes) },
      { name: 'contents and attributes', ...ratio(contents + attributes) },
      { name: 'hashes of what each call saw', ...ratio(hashes), note: note(hashes) },
      { name: 'on disk, compressed and merged', ...ratio(await ask(DISK_BYTES)) },
    ],
  };
}

/** How much is stored of a long thread that re-sends its history with every call. */
export const measureStorage: Measure = ({ progress, signal }) =>
  withStore(async (open) => {
    const sections: Section[] = [];
    for (const [name, shape] of Object.entries(SPAN_SHAPES)) {
      progress(`storage of ${name} spans`);
      sections.push(await measureShape(name, shape, await open(`storage_${name}`), signal));
    }
    return sections;
  });
