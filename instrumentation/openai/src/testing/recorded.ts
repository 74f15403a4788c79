import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { checkSpan } from '@colloquy/genai-conventions';
import { configure } from '@colloquy/threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

const SCRIPT = [
  { user: 'Hello?', replies: [{ text: 'Hello!', cachedTokens: 2 }] },
  {
    user: 'Weather?',
    replies: [
      { toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Rome' } }] },
      { text: 'Sunny.' },
    ],
  },
];

/** What the tests of a file record, each anew, from a provider that answers by a script. */
export interface Recorded {
  readonly baseURL: () => string;
  readonly spans: () => readonly ReadableSpan[];
  /** The only span, or the test fails. */
  readonly only: () => ReadableSpan;
  /** What an attribute of the only span says in JSON. */
  readonly json: (key: string) => unknown;
}

/** Sets up OpenTelemetry as an application does; every span is checked against the conventions. */
export function recorded(): Recorded {
  const exporter = new InMemorySpanExporter();
  let provider: FakeProvider;
  beforeAll(async () => {
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    provider = await startFakeProvider({ script: SCRIPT });
  });
  afterAll(() => provider.stop());
  beforeEach(() => {
    exporter.reset();
    configure({ captureContent: true });
  });
  afterEach(() => {
    expect(exporter.getFinishedSpans().flatMap(checkSpan)).toEqual([]);
  });
  const only = (): ReadableSpan => {
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    return exporter.getFinishedSpans()[0] as ReadableSpan;
  };
  return {
    baseURL: () => `${provider.url}/v1`,
    spans: () => exporter.getFinishedSpans(),
    only,
    json: (key) => JSON.parse(String(only().attributes[key])) as unknown,
  };
}

/** Reads a stream to its end; anything else is read already. */
export async function readOut(answer: object): Promise<void> {
  const pieces: unknown[] = [];
  if (Symbol.asyncIterator in answer)
    for await (const piece of answer as AsyncIterable<unknown>) pieces.push(piece);
}
