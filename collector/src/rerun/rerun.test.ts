import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalSpan, Conversation, GenAi } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { Pipeline } from '../pipeline.js';
import { telemetryOf } from '../query/testing/vary.js';
import { loadRecording } from '../recordings/load-recording.js';
import { mainLine } from '../recordings/rebuild-in-memory.js';
import { FactStore } from '../store/fact-store.js';
import { readStoredLogs, readStoredSpans } from '../store/read-telemetry.js';
import { openTestStore } from '../store/testing/open-test-store.js';
import { loadThreads } from '../thread-loader.js';
import { rerun, type RerunProgress } from './rerun.js';

const RECORDINGS = [
  ['py-openai-openinference', 'languages'],
  ['py-openai-traceloop', 'parallel-tools'],
  ['py-openai-otel-events', 'travel'],
] as const;

let client: ClickHouseClient;
beforeAll(async () => {
  ({ client } = await openTestStore());
});
afterAll(() => client.close());

/** Rules that know nothing: what an older version may have made of it. */
const UNTOLD: Partial<GenAi> = {
  kind: 'other',
  dialects: [],
  threadCandidates: [],
  systemMessages: [],
  inputMessages: [],
  outputMessages: [],
  inputSource: 'none',
  outputSource: 'none',
};
const forget = <T extends Pick<CanonicalSpan, 'genAi'>>(canonical: T): T => ({
  ...canonical,
  genAi: { ...canonical.genAi, ...UNTOLD },
});

async function store(
  projectId: string,
  { spans, logs }: ReturnType<typeof telemetryOf>,
  rule: <T extends Pick<CanonicalSpan, 'genAi'>>(canonical: T) => T,
): Promise<void> {
  const facts = new FactStore({ client, now: Date.now, onStored: () => undefined });
  await facts.write({
    projectId,
    bytes: 0,
    spans: spans.map(normaliseSpan).map(rule),
    logs: logs.map(normaliseLog).map(rule),
  });
  await facts.drain();
}

async function run(projectId: string, threadId?: string): Promise<RerunProgress | undefined> {
  const pipeline = new Pipeline({
    client,
    now: Date.now,
    onError: (error) => {
      throw error;
    },
  });
  let last: RerunProgress | undefined;
  const touch = pipeline.touch.bind(pipeline);
  const options = { client, projectId, threadId, now: Date.now, touch };
  for await (const progress of rerun(options)) last = progress;
  await pipeline.stop();
  return last;
}

const read = async (projectId: string, threadId: string): Promise<Conversation | undefined> =>
  (await loadThreads(client, projectId, [threadId]))[0]?.conversation;

const identity = <T>(value: T): T => value;

describe.each(RECORDINGS)('%s/%s', (producer, scenario) => {
  const telemetry = telemetryOf(loadRecording(producer, scenario));
  const threadId = `${scenario}-of-main`;
  const known = `known-${producer}`;
  const forgotten = `forgotten-${producer}`;

  test('is read back from the store as it arrived', async () => {
    await store(known, telemetry, identity);
    const found = { spans: [] as unknown[], logs: [] as unknown[] };
    for await (const { records } of readStoredSpans(client, { projectId: known }))
      found.spans.push(...records.map(({ restore }) => restore()));
    for await (const { records } of readStoredLogs(client, { projectId: known }))
      found.logs.push(...records.map(({ restore }) => restore()));
    expect(found.spans).toHaveLength(telemetry.spans.length);
    expect(found.logs).toHaveLength(telemetry.logs.length);
    expect(new Set(found.spans)).toEqual(new Set(telemetry.spans));
    expect(found.logs).toEqual(expect.arrayContaining([...telemetry.logs]));
  });

  test('is left alone by rules that say the same', async () => {
    const records = telemetry.spans.length + telemetry.logs.length;
    expect(await run(known)).toEqual({ records, changed: 0 });
  });

  test('gives the conversation once the rules know how to read it', async () => {
    await store(forgotten, telemetry, forget);
    expect(await read(forgotten, threadId)).toBeUndefined();
    expect((await run(forgotten))?.changed).toBeGreaterThan(0);
    const [before, after] = [await read(known, threadId), await read(forgotten, threadId)];
    expect(after && mainLine(after)).toEqual(before && mainLine(before));
    expect(after).toEqual(before);
  });

  test('changes nothing when run once more', async () => {
    expect((await run(forgotten))?.changed).toBe(0);
  });
});

test('reads the traces of one thread alone when it is named', async () => {
  const { spans } = telemetryOf(loadRecording('py-openai-openinference', 'interleaved'));
  await store('two', { spans, logs: [] }, identity);
  const own = spans.filter(({ traceId }) =>
    spans.some(
      (span) =>
        span.traceId === traceId && span.attributes.get('session.id') === 'interleaved-of-anna',
    ),
  );
  expect(await run('two', 'interleaved-of-anna')).toEqual({ records: own.length, changed: 0 });
});
