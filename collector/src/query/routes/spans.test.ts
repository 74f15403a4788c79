import {
  type CallContextAnswer,
  callContextShape,
  type Message,
  type Span,
} from '@colloquy/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashContent } from '../../digest.js';
import { normaliseLog, normaliseSpan } from '../../normalise/normalise.js';
import { loadRecording, RECORDED_PRODUCERS } from '../../recordings/load-recording.js';
import { createAsker, type Asker } from '../testing/ask.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { telemetryOf } from '../testing/vary.js';

let store: TestStore;
let asker: Asker;
const recordings = RECORDED_PRODUCERS.map((producer) => loadRecording(producer));

beforeAll(async () => {
  store = await openTestStore();
  for (const recording of recordings) await store.write(telemetryOf(recording));
  asker = createAsker(store);
});
afterAll(() => store.close());

const ask = ({ traceId, spanId }: Pick<Span, 'traceId' | 'spanId'>): Promise<CallContextAnswer> =>
  asker.get(callContextShape, `/traces/${traceId}/spans/${spanId}/context`);

const asContext = (messages: readonly Message[]) =>
  messages.map((message) => ({ ...message, content_hash: hashContent(message) }));

describe('GET /traces/{trace_id}/spans/{span_id}/context', () => {
  const withoutLogs = recordings.filter((recording) => telemetryOf(recording).logs.length === 0);
  test.each(withoutLogs)('gives what the span says: $producer', async (recording) => {
    for (const span of telemetryOf(recording).spans) {
      const { genAi } = normaliseSpan(span);
      const context = await ask(span);
      const system = genAi.systemMessages;
      expect(context.input).toEqual(asContext([...system, ...genAi.inputMessages]));
      expect(context.output).toEqual(asContext(genAi.outputMessages));
      expect(context.output_source).toBe(genAi.outputSource);
    }
  });

  test('gives what the logs say where the span says nothing', async () => {
    const { spans, logs } = telemetryOf(loadRecording('openai-otel-chat'));
    for (const { traceId, spanId } of spans) {
      const own = logs.filter((log) => log.spanId === spanId).map((log) => normaliseLog(log).genAi);
      const context = await ask({ traceId, spanId });
      const input = own.flatMap((genAi) => [...genAi.systemMessages, ...genAi.inputMessages]);
      expect(context.input).toEqual(asContext(input));
      expect(context.output).toEqual(
        asContext(own.flatMap(({ outputMessages }) => outputMessages)),
      );
      expect(context.input_source).toBe(input.length === 0 ? 'none' : 'logs');
    }
  });

  test('gives a call whose span never came', async () => {
    const { logs } = telemetryOf(loadRecording('openai-otel-chat'));
    await store.write({ spans: [], logs }, 'logs-alone');
    const alone = createAsker({ ...store, projectOf: () => 'logs-alone' });
    const { traceId, spanId } = logs.at(-1) ?? {};
    const path = `/traces/${traceId}/spans/${spanId}/context`;
    const context = await alone.get(callContextShape, path);
    expect(context).toEqual(await asker.get(callContextShape, path));
  });

  test('refuses bad ids and does not know what never arrived', async () => {
    const [span] = telemetryOf(loadRecording('ai-v6')).spans;
    const bad = await asker.getProblem(`/traces/${span?.traceId}/spans/7/context`);
    expect(bad).toMatchObject({ status: 400, errors: [{ parameter: 'span_id' }] });
    const path = `/traces/${span?.traceId}/spans/${'0'.repeat(16)}/context`;
    expect(await asker.getProblem(path)).toMatchObject({ status: 404 });
  });
});
