import { configure } from '@colloquy/threads';
import { trace, type TracerProvider } from '@opentelemetry/api';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { wrapOpenAI } from './index.js';
import { MAJORS } from './testing/majors.js';

const messages = [{ role: 'user' as const, content: 'Hello?' }];
const hello = { model: 'm', messages };

const started = vi.fn<() => void>();
const ended = vi.fn<() => void>();

function broken(): never {
  throw new Error('ours');
}

const quiet: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

const providerOf = (processor: Partial<SpanProcessor>): TracerProvider =>
  new BasicTracerProvider({ spanProcessors: [{ ...quiet, ...processor }] });

/** Parts of ours, or given to ours, that throw. */
const BROKEN: Readonly<Record<string, () => TracerProvider>> = {
  'a mask': () => {
    configure({ mask: broken });
    return providerOf({});
  },
  'a mask that gives nothing': () => {
    configure({ mask: () => undefined as never });
    return providerOf({});
  },
  'a span processor at the start': () => providerOf({ onStart: broken }),
  'a span processor at the end': () => providerOf({ onEnd: broken }),
  'a span processor before the end': () => providerOf({ onEnding: broken }),
  'a tracer provider': () => ({ getTracer: broken }),
  'a tracer': () => ({ getTracer: () => ({ startSpan: broken, startActiveSpan: broken }) }),
};

const COUNTED = providerOf({ onStart: () => started(), onEnd: () => ended() });

const json = (body: string): Response =>
  new Response(body, { headers: { 'content-type': 'application/json' } });

const events = (...data: readonly string[]): Response =>
  new Response(data.map((line) => `data: ${line}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });

const CHUNK = '{"id":"c","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}';

/** Answers, those that are not foreseen among them. */
const ANSWERS: Readonly<Record<string, () => Response>> = {
  'a completion': () =>
    json('{"id":"c","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}'),
  'no object': () => json('"Hi"'),
  null: () => json('null'),
  'an empty object': () => json('{}'),
  'a list': () => json('[{"choices":7}]'),
  'choices of nothing': () => json('{"choices":[null],"usage":3,"output":[null]}'),
  'no JSON': () => json('{"cho'),
  'an error': () => new Response('{"error":{"message":"Slow down"}}', { status: 429 }),
  'an error in words': () => new Response('Bad gateway', { status: 502 }),
  'no body': () => new Response(null, { status: 204 }),
};

const STREAMS: Readonly<Record<string, () => Response>> = {
  'a stream': () => events(CHUNK, '[DONE]'),
  'a stream of nothing': () => events('[DONE]'),
  'a stream of what is no piece': () =>
    events('{"choices":[null]}', '{"choices":3}', '7', CHUNK, '[DONE]'),
  'a stream with null': () => events(CHUNK, 'null', '[DONE]'),
  'a stream with what is no JSON': () => events(CHUNK, '{"cho', '[DONE]'),
  'a stream with an error': () => events(CHUNK, '{"error":{"message":"Overloaded"}}', '[DONE]'),
  'a stream that is cut off': () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${CHUNK}\n\n`)),
        pull: (controller) => controller.error(new TypeError('terminated')),
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    ),
};

/** What an application gets: the value, or the pieces of a stream, or the error with what is behind it. */
interface Outcome {
  readonly kind: unknown;
  readonly pieces?: readonly unknown[];
  readonly value?: unknown;
  readonly error?: readonly unknown[];
}

const kindOf = (value: unknown): unknown => Object(value).constructor as unknown;

async function outcomeOf(call: () => PromiseLike<unknown>): Promise<Outcome> {
  const pieces: unknown[] = [];
  let kind: unknown;
  try {
    const promise = call();
    kind = kindOf(promise);
    const value = await promise;
    if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value))
      return { kind, value };
    kind = kindOf(value);
    for await (const piece of value as AsyncIterable<unknown>) pieces.push(piece);
    return { kind, pieces };
  } catch (error) {
    const { message, status, cause } = error as Error & { readonly status?: unknown };
    return { kind, pieces, error: [kindOf(error), message, status, cause] };
  }
}

function thrownBy(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** One call of every sort that is watched. */
const CALLS: Readonly<Record<string, (client: OpenAI) => PromiseLike<unknown>>> = {
  'chat.completions.create': (client) => client.chat.completions.create(hello),
  'responses.create': (client) => client.responses.create({ model: 'm', input: messages }),
  'embeddings.create': (client) => client.embeddings.create({ model: 'm', input: 'x' }),
};

const STREAMED: Readonly<Record<string, (client: OpenAI) => PromiseLike<unknown>>> = {
  'chat.completions.create': (client) => client.chat.completions.create({ ...hello, stream: true }),
  'responses.create': (client) => client.responses.create({ model: 'm', input: 'x', stream: true }),
};

const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
// The SDKs tell of what they cannot read.
vi.spyOn(console, 'error').mockReturnValue(undefined);

beforeEach(() => {
  vi.clearAllMocks();
  configure({ captureContent: true, mask: (message) => message });
});
afterEach(() => {
  trace.disable();
});

describe.each(MAJORS)('an application of version %s', (_major, Client) => {
  const clientOf = (fetch: () => Promise<Response>): OpenAI =>
    new Client({ apiKey: 'k', maxRetries: 0, fetch });

  /** What comes of calls of a client that is recorded, and of the same calls of one that is not. */
  async function runBoth(
    calls: typeof CALLS,
    fetch: () => Promise<Response>,
  ): Promise<[recorded: readonly Outcome[], bare: readonly Outcome[]]> {
    const recorded: Outcome[] = [];
    const bare: Outcome[] = [];
    for (const call of Object.values(calls)) {
      bare.push(await outcomeOf(() => call(clientOf(fetch))));
      recorded.push(await outcomeOf(() => call(wrapOpenAI(clientOf(fetch)))));
    }
    return [recorded, bare];
  }

  describe.each(Object.entries(BROKEN))('with %s that throws', (_name, breakIt) => {
    test('gets what it would get without us', async () => {
      trace.setGlobalTracerProvider(breakIt());
      for (const [calls, answer] of [
        [CALLS, ANSWERS['a completion']],
        [CALLS, ANSWERS['an error']],
        [STREAMED, STREAMS['a stream']],
      ] as const) {
        const [recorded, bare] = await runBoth(calls, async () => answer!());
        expect(recorded).toStrictEqual(bare);
      }
    });
  });

  test.each(Object.entries(ANSWERS))('gets %s as it is', async (_name, answer) => {
    trace.setGlobalTracerProvider(COUNTED);
    const [recorded, bare] = await runBoth(CALLS, async () => answer());
    expect(recorded).toStrictEqual(bare);
    expect(started).toHaveBeenCalledTimes(3);
    expect(ended).toHaveBeenCalledTimes(3);
  });

  test.each(Object.entries(STREAMS))('gets %s as it is', async (_name, answer) => {
    trace.setGlobalTracerProvider(COUNTED);
    const [recorded, bare] = await runBoth(STREAMED, async () => answer());
    expect(recorded).toStrictEqual(bare);
    expect(started).toHaveBeenCalledTimes(2);
    expect(ended).toHaveBeenCalledTimes(2);
  });

  test('gets the error that the network gave, as the cause', async () => {
    trace.setGlobalTracerProvider(COUNTED);
    const refused = new TypeError('fetch failed');
    const [recorded, bare] = await runBoth(CALLS, () => Promise.reject(refused));
    expect(recorded).toStrictEqual(bare);
    expect(recorded[0]?.error).toContain(refused);
  });

  test('gets the very error that its own body throws', async () => {
    trace.setGlobalTracerProvider(COUNTED);
    const own = new Error('mine');
    const body = {
      model: 'm',
      get messages(): never {
        throw own;
      },
    };
    const error: unknown = await wrapOpenAI(clientOf(async () => json('{}')))
      .chat.completions.create(body)
      .then(undefined, (reason: unknown) => reason);
    expect(error).toBe(own);
    expect(ended).toHaveBeenCalledOnce();
  });

  test('gets the very error whose own parts throw, and its span ends', async () => {
    trace.setGlobalTracerProvider(COUNTED);
    const own = Object.defineProperties(new Error('mine'), {
      name: { get: broken },
      constructor: { get: broken },
      status: { get: broken },
    });
    const client = clientOf(async () => json('{}'));
    client.chat.completions.create = () => {
      throw own;
    };
    const { completions } = wrapOpenAI(client).chat;
    expect(thrownBy(() => void completions.create(hello)) === own).toBe(true);
    expect(ended).toHaveBeenCalledOnce();
  });

  test.each([[undefined], [null], ['text'], [Object.freeze({ choices: [] })]])(
    'whose SDK is mocked gets %j back',
    (answer) => {
      trace.setGlobalTracerProvider(COUNTED);
      const client = clientOf(async () => json('{}'));
      client.chat.completions.create = () => answer as never;
      client.chat.completions.stream = () => answer as never;
      const { completions } = wrapOpenAI(client).chat;
      expect(completions.create(hello)).toBe(answer);
      expect(completions.stream({ ...hello })).toBe(answer);
      expect(warn).not.toHaveBeenCalled();
    },
  );
});
