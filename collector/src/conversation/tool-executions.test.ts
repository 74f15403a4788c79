import type { ConversationMessage, Message, SpanFact } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { hashContent } from '../digest.js';
import { createStored, type Call, type StoredMessage } from './call.js';
import { GrowingTree } from './growing-tree.js';
import { listMessages } from './messages.js';
import { call } from './testing/calls.js';
import { span } from './testing/spans.js';
import { attachTools } from './tool-executions.js';

const RESULT: Message = {
  role: 'tool',
  parts: [{ type: 'tool_call_response', id: 'call', response: 'sunny' }],
};
const ARGUMENTS: Message = {
  role: 'assistant',
  parts: [{ type: 'tool_call', id: 'call', name: 'weather', arguments: { city: 'Bern' } }],
};
const contents = new Map([RESULT, ARGUMENTS].map((message) => [hashContent(message), message]));
const find = (hash: string): StoredMessage => createStored(hash, contents.get(hash) ?? RESULT);

const tool = (spanId: string, more: Partial<SpanFact> = {}): SpanFact => ({
  ...span(spanId, { kind: 'tool' }),
  traceId: 'one',
  toolName: 'weather',
  toolCallId: 'call',
  startTimeUnixNano: 10_000_000n,
  endTimeUnixNano: 20_000_000n,
  inputHashes: [hashContent(ARGUMENTS)],
  outputHashes: [hashContent(RESULT)],
  ...more,
});

const trace = { traceId: 'one' };
const asked = call(['u:weather'], ['a:!weather'], trace);
const answered = call(['u:weather', 'a:!weather', 't:rain'], ['a:it rains'], trace);

const attach = (calls: readonly Call[], spans: readonly SpanFact[]) =>
  attachTools(listMessages(new GrowingTree().grow(calls), 'thread'), spans, find);

const calling = (messages: readonly ConversationMessage[]): ConversationMessage | undefined =>
  messages.find(({ parts }) => parts.some(({ type }) => type === 'tool_call'));

describe('the span of a tool', () => {
  test.each([
    ['by the id of the call', tool('t')],
    ['by its name', tool('t', { toolCallId: undefined })],
  ])('tells of the call in a message: %s', (_, fact) => {
    const failed = { ...fact, statusCode: 'Error' as const, errorType: 'timeout' };
    const messages = attach([asked, answered], [failed]);
    expect(calling(messages)?.toolExecutions).toEqual([
      {
        part: 0,
        traceId: 'one',
        spanId: 't',
        name: 'weather',
        startedAt: 10_000_000n,
        endedAt: 20_000_000n,
        isError: true,
        errorType: 'timeout',
        arguments: { city: 'Bern' },
      },
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  });

  test('gives the result that no history shows', () => {
    const messages = attach([asked], [tool('t')]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(messages.at(-1)).toMatchObject({
      parts: RESULT.parts,
      contentHash: hashContent(RESULT),
      spanId: 't',
      turn: 1,
      line: 'main',
      createdAt: 20_000_000n,
    });
  });

  test.each([
    ['gives its result the id that a history leaves out', 'sunny', 't'],
    ['leaves another result as it was told', 'rain', answered.spanId],
  ])('%s', (_, response, spanId) => {
    const named: Message = {
      role: 'tool',
      parts: [{ type: 'tool_call_response', name: 'weather', response }],
    };
    const [, ...rest] = [...answered.input].toReversed();
    const input = [...rest.toReversed(), createStored(hashContent(named), named)];
    const result = attach([asked, { ...answered, input }], [tool('t')]).at(2);
    expect(result?.parts).toEqual((response === 'sunny' ? RESULT : named).parts);
    expect(result).toMatchObject({ role: 'tool', spanId });
  });

  test('of another call or tool tells nothing', () => {
    const others = [
      tool('a', { toolCallId: 'other' }),
      tool('b', { toolName: 'clock', toolCallId: undefined }),
    ];
    const messages = attach([asked], others);
    expect(calling(messages)?.toolExecutions).toEqual([]);
    expect(messages).toHaveLength(2);
  });

  test('gives no result again that a history tells with others in one text', () => {
    const joined: Message = {
      role: 'tool',
      parts: [{ type: 'tool_call_response', response: 'sunny\nsunny' }],
    };
    const twice = call(['u:weather', 'a:!weather+!weather'], ['a:sunny'], trace);
    const input = [...twice.input, createStored(hashContent(joined), joined)];
    const spans = ['a', 'b'].map((spanId) => tool(spanId, { toolCallId: undefined }));
    const messages = attach([{ ...twice, input }], spans);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  });

  test('is given to one call only, in order', () => {
    const twice = call(['u:weather'], ['a:!weather+!weather'], trace);
    const spans = ['first', 'second'].map((spanId, index) =>
      tool(spanId, { toolCallId: undefined, startTimeUnixNano: BigInt(10_000_000 + index) }),
    );
    const messages = attach([twice], spans.toReversed());
    expect(calling(messages)?.toolExecutions.map(({ part, spanId }) => [part, spanId])).toEqual([
      [0, 'first'],
      [1, 'second'],
    ]);
  });
});
