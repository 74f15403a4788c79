import type { AttributeValue, Span } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { loadRecording } from '../recordings/load-recording.js';
import { normaliseSpan } from './normalise.js';

const [recorded] = loadRecording('openai-openinference').requests.flatMap(({ spans }) => spans);
if (recorded === undefined) throw new Error('the recording is empty');

const spanWith = (
  attributes: Readonly<Record<string, AttributeValue>>,
  more: Partial<Span> = {},
): Span => ({
  ...recorded,
  attributes: new Map(Object.entries(attributes)),
  events: [],
  droppedAttributesCount: 0,
  ...more,
});

const meaningOf = (attributes: Readonly<Record<string, AttributeValue>>, more?: Partial<Span>) =>
  normaliseSpan(spanWith(attributes, more)).genAi;

const texts = (messages: readonly { readonly parts: readonly object[] }[]): readonly unknown[] =>
  messages.flatMap(({ parts }) => parts.map((part) => ('content' in part ? part.content : part)));

describe('messages', () => {
  const said = [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }];

  test.each([
    ['JSON text', JSON.stringify(said)],
    ['JSON text encoded twice', JSON.stringify(JSON.stringify(said))],
    ['JSON text encoded three times', JSON.stringify(JSON.stringify(JSON.stringify(said)))],
    ['indented JSON', JSON.stringify(said, undefined, 2)],
    [
      'a structured value',
      [
        new Map<string, AttributeValue>([
          ['role', 'user'],
          [
            'parts',
            [
              new Map([
                ['type', 'text'],
                ['content', 'Hi'],
              ]),
            ],
          ],
        ]),
      ],
    ],
  ])('are read from %s', (_, value) => {
    expect(meaningOf({ 'gen_ai.input.messages': value }).inputMessages).toEqual(said);
  });

  test('that were cut by a limit are kept as a raw part', () => {
    const cut = JSON.stringify(said).slice(0, -9);
    expect(meaningOf({ 'gen_ai.input.messages': cut }).inputMessages).toEqual([
      { role: 'user', parts: [{ type: 'raw', content: cut }] },
    ]);
  });

  test('are read whatever brackets people write in them', () => {
    const words = 'if (x) { [ :[ '.repeat(300);
    const typed = [{ role: 'user', parts: [{ type: 'text', content: words }] }];
    expect(meaningOf({ 'gen_ai.input.messages': JSON.stringify(typed) }).inputMessages).toEqual(
      typed,
    );
  });

  test('nested without end are kept as a raw part', () => {
    const nested = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(meaningOf({ 'gen_ai.input.messages': nested }).inputMessages).toEqual([
      { role: 'user', parts: [{ type: 'raw', content: nested }] },
    ]);
  });

  test('of a shape nobody knows are kept as a raw part', () => {
    expect(meaningOf({ 'gen_ai.output.messages': '{"answer":42}' }).outputMessages).toEqual([
      { role: 'assistant', parts: [{ type: 'raw', content: { answer: 42 } }] },
    ]);
  });

  test('in numbered attributes may start at 1 and leave gaps', () => {
    const { inputMessages } = meaningOf({
      'llm.input_messages.10.message.role': 'user',
      'llm.input_messages.10.message.content': 'third',
      'llm.input_messages.1.message.role': 'user',
      'llm.input_messages.1.message.content': 'first',
      'llm.input_messages.4.message.role': 'assistant',
      'llm.input_messages.4.message.content': 'second',
    });
    expect(texts(inputMessages)).toEqual(['first', 'second', 'third']);
  });

  test('are taken from the request where the SDK dropped numbered attributes', () => {
    const attributes = {
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': 'one',
      'input.value': JSON.stringify({
        messages: [
          { role: 'user', content: 'one' },
          { role: 'assistant', content: 'two' },
        ],
      }),
    };
    expect(texts(meaningOf(attributes).inputMessages)).toEqual(['one']);
    expect(texts(meaningOf(attributes, { droppedAttributesCount: 2 }).inputMessages)).toEqual([
      'one',
      'two',
    ]);
  });

  test('are not found in a Python repr', () => {
    expect(
      meaningOf({ 'openinference.span.kind': 'CHAIN', 'input.value': "[Message(role='user')]" })
        .inputMessages,
    ).toEqual([]);
  });
});

describe('thread candidates', () => {
  const candidates = (attributes: Readonly<Record<string, AttributeValue>>) =>
    meaningOf(attributes).threadCandidates.map(({ threadId }) => threadId);

  test('are all kept, the best by rank', () => {
    const found = meaningOf({
      'gen_ai.conversation.id': 'library',
      'session.id': 'app',
    }).threadCandidates;
    expect(found.toSorted((a, b) => a.rank - b.rank)).toEqual([
      { threadId: 'app', key: 'session.id', rank: 2 },
      { threadId: 'library', key: 'gen_ai.conversation.id', rank: 3 },
    ]);
  });

  test('may stand inside JSON metadata', () => {
    expect(candidates({ metadata: '{"thread_id":"t"}' })).toEqual(['t']);
  });

  test.each([
    ['is empty', { 'session.id': '' }],
    ['repeats the trace id', { 'gen_ai.conversation.id': String(recorded.traceId) }],
    ['names a response', { 'gen_ai.conversation.id': 'resp_1' }],
    ['names the project', { 'langsmith.trace.session_id': 'p' }],
    ['names a transport', { 'mcp.session.id': 'm' }],
  ])('leave out an id that %s', (_, attributes) => {
    expect(candidates(attributes)).toEqual([]);
  });
});

describe('fields', () => {
  test('keep a count of zero, and read numbers from text', () => {
    expect(
      meaningOf({ 'gen_ai.usage.input_tokens': 0n, 'gen_ai.usage.output_tokens': '7' }),
    ).toMatchObject({ inputTokens: 0, outputTokens: 7 });
  });

  test('come from the better key when two are there, in whatever order', () => {
    const attributes = { 'gen_ai.system': 'openai.chat', 'gen_ai.provider.name': 'openai' };
    expect(meaningOf(attributes).providerName).toBe('openai');
    expect(
      meaningOf(Object.fromEntries(Object.entries(attributes).toReversed())).providerName,
    ).toBe('openai');
  });
});

test('why each numbered answer ended tells that they are choices', () => {
  const genAi = meaningOf({
    'llm.request.type': 'chat',
    'gen_ai.completion.1.role': 'assistant',
    'gen_ai.completion.1.content': 'second',
    'gen_ai.completion.1.finish_reason': 'length',
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': 'first',
    'gen_ai.completion.0.finish_reason': 'stop',
  });
  expect(genAi.finishReasons).toEqual(['stop', 'length']);
  expect(texts(genAi.outputMessages)).toEqual(['first', 'second']);
});

describe('a request beside numbered messages', () => {
  const numbered = {
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.contents.0.message_content.type': 'text',
    'llm.input_messages.0.message.contents.0.message_content.text': 'Read this.',
  };
  const request = (words: string): string =>
    JSON.stringify({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: words },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } },
          ],
        },
      ],
    });
  const text = { type: 'text', content: 'Read this.' };

  test('gives the files that they leave out', () => {
    const input = { ...numbered, 'input.value': request('Read this.') };
    const file = { modality: 'document', mime_type: 'application/pdf', content: 'AAAA' };
    expect(meaningOf(input).inputMessages).toEqual([
      { role: 'user', parts: [text, { type: 'blob', ...file }] },
    ]);
  });

  test('gives the instructions and the tool results that they leave out', () => {
    const results = [
      { type: 'tool_result', tool_use_id: 'a', content: 'rain' },
      { type: 'tool_result', tool_use_id: 'b', content: 'noon' },
    ];
    const input = {
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.tool_call_id': 'b',
      'llm.input_messages.0.message.content': 'noon',
      'input.value': JSON.stringify({
        model: 'claude',
        system: 'Be brief.',
        messages: [{ role: 'user', content: results }],
      }),
    };
    expect(meaningOf(input).inputMessages).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
      {
        role: 'tool',
        parts: [
          { type: 'tool_call_response', id: 'a', response: 'rain' },
          { type: 'tool_call_response', id: 'b', response: 'noon' },
        ],
      },
    ]);
  });

  test('is left alone when it says something else', () => {
    const input = { ...numbered, 'input.value': request('Burn this.') };
    expect(meaningOf(input).inputMessages).toEqual([{ role: 'user', parts: [text] }]);
  });
});

describe('answers', () => {
  const call = { type: 'tool_call', id: 'c', name: 'f', arguments: {} };
  const text = { type: 'text', content: 'One moment.' };
  const reasoning = { type: 'reasoning', content: 'hm' };
  const typesOf = (provider: string, parts: readonly object[]) =>
    meaningOf({
      'gen_ai.provider.name': provider,
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts }]),
    }).outputMessages.flatMap((message) => message.parts.map(({ type }) => type));

  test.each([
    ['openai', [call, { ...call, id: 'd' }, text], ['text', 'tool_call', 'tool_call']],
    ['gcp.gemini', [call, text], ['tool_call', 'text']],
    ['openai', [text, reasoning], ['reasoning', 'text']],
  ])('of %s have their parts in spoken order', (provider, parts, order) => {
    expect(typesOf(provider, parts)).toEqual(order);
  });
});

describe('instrumentations of Bedrock', () => {
  const scope = (name: string) => ({ scope: { ...recorded.scope, name } });
  const usage = {
    'gen_ai.usage.input_tokens': 125n,
    'gen_ai.usage.cache_read.input_tokens': 64n,
  };

  test('leave what a cache gave out of the count of input', () => {
    const own = scope('opentelemetry.instrumentation.bedrock');
    expect(meaningOf(usage, own).inputTokens).toBe(189);
    expect(meaningOf(usage, scope('another')).inputTokens).toBe(125);
  });
});

test('ids that google-genai is given by its instrumentation are names and places', () => {
  const scope = { ...recorded.scope, name: 'opentelemetry.instrumentation.google_genai' };
  const parts = [
    { type: 'tool_call', id: 'get_time_1', name: 'get_time', arguments: {} },
    { type: 'tool_call_response', id: 'get_time_0', response: '14:05' },
  ];
  const input = JSON.stringify([{ role: 'assistant', parts }]);
  expect(meaningOf({ 'gen_ai.input.messages': input }, { scope }).inputMessages).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'tool_call', name: 'get_time', arguments: {} },
        { type: 'tool_call_response', name: 'get_time', response: '14:05' },
      ],
    },
  ]);
});
