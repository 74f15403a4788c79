import { ROOT_CONTEXT, type Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { messageListShape, reconcileShape, type Span } from '@colloquy/schema';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRequest } from '../../recordings/load-recording.js';
import { startSink } from '../../recorder/sink.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';

let store: TestStore;
let asker: Asker;
beforeAll(async () => {
  store = await openTestStore();
  asker = createAsker(store);
});
afterAll(() => store.close());

const words = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);

/** Spans as the SDK exports them. */
async function emit(
  drafts: readonly (readonly [name: string, attributes: Attributes])[],
): Promise<readonly Span[]> {
  const sink = await startSink();
  const exporter = new OTLPTraceExporter({ url: `${sink.url}/v1/traces` });
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer('app');
  // Clocks tell milliseconds: what happens within one has no order.
  const first = Date.now();
  for (const [place, [name, attributes]] of drafts.entries()) {
    const startTime = first + place;
    tracer.startSpan(name, { attributes, startTime }, ROOT_CONTEXT).end(startTime);
  }
  await provider.shutdown();
  sink.stop();
  return sink.requests.flatMap((request) => decodeRequest(request).spans);
}

const thread = { 'colloquy.thread.id': 'tracked', 'user.id': 'ada' };
const tracked = (id: string, role: string, content: string) =>
  [
    'message',
    {
      ...thread,
      'colloquy.span.kind': 'message',
      'colloquy.message.id': id,
      [role === 'assistant' ? 'gen_ai.output.messages' : 'gen_ai.input.messages']: words(
        role,
        content,
      ),
    },
  ] as const;
const chat = (asked: string, answered: string) =>
  [
    'chat gpt-5',
    {
      ...thread,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.input.messages': words('user', asked),
      'gen_ai.output.messages': words('assistant', answered),
    },
  ] as const;

test('reports what the application tracked against what its model calls show', async () => {
  const spans = await emit([
    tracked('m1', 'user', 'Which lake?'),
    chat('Context: none. Question: Which lake?', 'Lake Zug.'),
    tracked('m2', 'assistant', 'Lake Zug.'),
    tracked('m3', 'user', 'Thanks!'),
  ]);
  await store.write({ spans, logs: [] });

  const { messages } = await asker.get(messageListShape, '/threads/tracked/messages');
  expect(messages.map(({ tracked_id, source, parts }) => [tracked_id, source, parts])).toEqual([
    ['m1', 'both', [{ type: 'text', content: 'Which lake?' }]],
    ['m2', 'both', [{ type: 'text', content: 'Lake Zug.' }]],
    ['m3', 'tracked', [{ type: 'text', content: 'Thanks!' }]],
  ]);
  // The answer is linked to the call that gave it.
  expect(messages[1]?.span_id).toBe(spans[1]?.spanId);

  const report = await asker.get(reconcileShape, '/threads/tracked/reconcile');
  expect(report).toMatchObject({ tracked: 3, derived: 2, matched: 2 });
  expect(report.discrepancies.map(({ kind, tracked_id }) => [kind, tracked_id])).toEqual([
    ['altered', 'm1'],
    ['missing_call', 'm3'],
    ['unanswered', 'm3'],
  ]);
  expect(report.discrepancies[0]?.derived?.parts).toEqual([
    { type: 'text', content: 'Context: none. Question: Which lake?' },
  ]);
});

test('tells of a thread that is not there', async () => {
  expect(await asker.getProblem('/threads/nobody/reconcile')).toMatchObject({ status: 404 });
});
