import { doctorShape, type FindingAnswer, type Span, type UnixNano } from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecording } from '../../recordings/load-recording.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type Telemetry, type TestStore } from '../testing/test-store.js';
import { telemetryOf } from '../testing/vary.js';

const MINUTE_MS = 60_000;

const model = ({ attributes }: Span): boolean => attributes.has('llm.model_name');
const healthy = telemetryOf(loadRecording('py-openai-openinference', 'id-on-root'));
const sick = {
  unnamed: telemetryOf(loadRecording('py-openai-openinference', 'unnamed')),
  silent: telemetryOf(loadRecording('py-openai-openinference', 'no-capture')),
  cut: telemetryOf(loadRecording('py-openai-traceloop', 'cut')),
  orphans: telemetryOf(loadRecording('py-openai-openinference', 'missing-root')),
} as const;

/** The same calls, as a second instrumentation would tell them. */
const SECOND = 'opentelemetry.instrumentation.openai';

/** What is left where content is not captured. */
const wordless = (attributes: Span['attributes']): Span['attributes'] =>
  new Map([...attributes].filter(([key]) => !/messages|^(?:input|output)\./.test(key)));

const twice = (spans: readonly Span[]): readonly Span[] =>
  spans.filter(model).flatMap((span) => {
    const attributes = new Map([...span.attributes, ['gen_ai.response.id', span.spanId] as const]);
    // It holds the id that the provider gave.
    attributes.delete('output.value');
    const first = { ...span, attributes };
    const id = span.spanId.split('').toReversed().join('') as Span['spanId'];
    return [
      first,
      {
        ...first,
        spanId: id,
        scope: { ...span.scope, name: SECOND },
      },
    ];
  });

const later = (span: Span, seconds: bigint): Span => ({
  ...span,
  startTimeUnixNano: (span.startTimeUnixNano + seconds * 1_000_000_000n) as UnixNano,
  endTimeUnixNano: (span.endTimeUnixNano + seconds * 1_000_000_000n) as UnixNano,
});

let store: TestStore;

/** What is found in a project that received this, as if two minutes had passed. */
async function examine(projectId: string, telemetry: Telemetry): Promise<readonly FindingAnswer[]> {
  await store.write(telemetry, projectId);
  const asker: Asker = createAsker({ ...store, projectOf: () => projectId });
  return (await asker.get(doctorShape, '/doctor')).findings;
}

const checksOf = (findings: readonly FindingAnswer[]): readonly string[] =>
  findings.map(({ check }) => check);

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe('GET /doctor', () => {
  test('has nothing to say of a healthy app', async () => {
    expect(await examine('healthy', healthy)).toEqual([]);
  });

  test('counts model calls that name no thread, with a call and the line to add', async () => {
    const [finding, ...others] = await examine('unnamed', sick.unnamed);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      check: 'no_thread_id',
      emitter: 'openinference',
      count: sick.unnamed.spans.filter(model).length,
      setting: 'with using_attributes(session_id=chat_id, user_id=user_id): ...',
    });
    const ids = sick.unnamed.spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`);
    expect(ids).toContain(`${finding?.example?.trace_id}/${finding?.example?.span_id}`);
  });

  test('finds calls whose words were kept back', async () => {
    const findings = await examine('silent', sick.silent);
    const count = sick.silent.spans.filter(model).length;
    const setting = 'OPENINFERENCE_HIDE_INPUTS=false OPENINFERENCE_HIDE_OUTPUTS=false';
    expect(findings[0]).toMatchObject({ check: 'no_content', count, setting });
  });

  test('finds calls that sent no words at all, neither in spans nor in logs', async () => {
    const telemetry = telemetryOf(loadRecording('py-openai-otel-events', 'no-capture'));
    expect(checksOf(await examine('mute', telemetry))).toContain('no_content');
    const spoken = telemetryOf(loadRecording('py-openai-otel-events', 'travel'));
    expect(checksOf(await examine('spoken', spoken))).not.toContain('no_content');
  });

  test('finds content that was cut', async () => {
    expect(checksOf(await examine('cut', sick.cut))).toContain('cut_content');
  });

  test('finds ids that stand below the root', async () => {
    const telemetry = telemetryOf(loadRecording('py-openai-openinference', 'id-on-child'));
    const traces = new Set(telemetry.spans.map(({ traceId }) => traceId)).size;
    expect(await examine('below', telemetry)).toMatchObject([
      { check: 'id_below_root', count: traces },
    ]);
  });

  test('finds dropped attributes', async () => {
    const [first, ...rest] = healthy.spans;
    const dropped = first && { ...first, droppedAttributesCount: 7 };
    const spans = [...(dropped ? [dropped] : []), ...rest];
    expect(await examine('dropped', { spans, logs: [] })).toMatchObject([
      { check: 'dropped_attributes', count: 1 },
    ]);
  });

  test('finds calls that two instrumentations record', async () => {
    const spans = [...healthy.spans.filter((span) => !model(span)), ...twice(healthy.spans)];
    expect(await examine('twice', { spans, logs: [] })).toMatchObject([
      {
        check: 'double_instrumentation',
        count: healthy.spans.filter(model).length,
        setting: 'OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=openai',
      },
    ]);
  });

  test('misses no words of a call that another instrumentation tells', async () => {
    const twins = twice(healthy.spans).map((span) =>
      span.scope.name === SECOND ? { ...span, attributes: wordless(span.attributes) } : span,
    );
    const spans = [...healthy.spans.filter((span) => !model(span)), ...twins];
    expect(await examine('twin', { spans, logs: [] })).toMatchObject([
      { check: 'double_instrumentation' },
    ]);
  });

  test('finds spans in words that no table knows', async () => {
    const spans = healthy.spans.map((span) => ({
      ...span,
      scope: { ...span.scope, name: 'acme.tracer' },
      attributes: new Map([
        ['session.id', 'x'],
        ...(model(span) ? [['acme.llm.prompt', 'Hi'] as const] : []),
      ]),
    }));
    expect(await examine('unknown', { spans, logs: [] })).toMatchObject([
      { check: 'unknown_dialect', emitter: 'acme.tracer' },
    ]);
  });

  test('finds clocks that are wrong', async () => {
    const spans = healthy.spans.map((span) =>
      span.parentSpanId === undefined ? later(span, 30n) : span,
    );
    expect(await examine('skewed', { spans, logs: [] })).toMatchObject([
      { check: 'clock_skew', emitter: 'chat-service' },
    ]);
  });

  test('finds log records that belong nowhere', async () => {
    const { logs } = telemetryOf(loadRecording('py-openai-otel-events', 'travel'));
    const lost = logs.map((log) => ({ ...log, traceId: undefined, spanId: undefined }));
    expect(await examine('lost', { spans: [], logs: lost })).toMatchObject([
      { check: 'unassigned_logs', count: lost.length },
    ]);
  });

  test('finds spans whose parent has not arrived after a minute', async () => {
    expect(checksOf(await examine('orphans', sick.orphans))).not.toContain('orphan_spans');
    const now = (): number => Date.now() + 2 * MINUTE_MS;
    const asker = createAsker({ ...store, now, projectOf: () => 'orphans' });
    const { findings } = await asker.get(doctorShape, '/doctor');
    expect(checksOf(findings)).toContain('orphan_spans');
  });

  test('leaves out what came in before', async () => {
    const now = (): number => Date.now() + 60 * MINUTE_MS;
    const asker = createAsker({ ...store, now, projectOf: () => 'unnamed' });
    expect((await asker.get(doctorShape, '/doctor?hours=0.5')).findings).toEqual([]);
  });

  test('tells of items that were refused', async () => {
    const received = () => ({
      traces: { rejected: 2, dropped: 1 },
      metrics: { rejected: 0, dropped: 9 },
    });
    const asker = createAsker({ ...store, received, projectOf: () => 'nobody' });
    expect((await asker.get(doctorShape, '/doctor')).findings).toMatchObject([
      { check: 'refused_items', unit: 'traces', count: 3 },
    ]);
  });

  test.each(['hours=0', 'hours=x'])('refuses %s', async (query) => {
    const asker = createAsker(store);
    expect(await asker.getProblem(`/doctor?${query}`)).toMatchObject({ status: 400 });
  });
});
