import type { LogFact, Message, SpanFact } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashContent } from '../digest.js';
import { rebuild } from './rebuild.js';
import { span } from './testing/spans.js';

const contents = new Map<string, Message>();

const said = (role: string, content: string): string => {
  const message: Message = { role, parts: [{ type: 'text', content }] };
  const hash = hashContent(message);
  contents.set(hash, message);
  return hash;
};

/** A log record of one span and, unless told otherwise, of one time. */
function record(sequence: number, more: Partial<LogFact>): LogFact {
  const { startTimeUnixNano: timeUnixNano, ...fact } = span('a', { start: 5 });
  // The ids of records tell nothing of their order.
  return { ...fact, recordId: `r${9 - sequence}`, timeUnixNano, eventName: '', sequence, ...more };
}

const thread = (spans: readonly SpanFact[], logs: readonly LogFact[] = []) =>
  rebuild({ threadId: 'thread', spans, logs, contents });

const textsIn = (conversation: ReturnType<typeof thread>) =>
  conversation?.messages.flatMap(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.content : part.type)),
  );

describe('what came at one time', () => {
  const user = (props: { readonly [key: string]: string }): Partial<LogFact> => ({
    kind: 'event',
    userId: 'ann',
    report: { userProps: props },
  });
  const records: readonly LogFact[] = [
    record(0, { kind: 'message', messageId: 'q', inputHashes: [said('user', 'Hi')] }),
    record(1, { kind: 'message', messageId: 'a', outputHashes: [said('assistant', 'Helo')] }),
    record(2, { kind: 'message', messageId: 'a', outputHashes: [said('assistant', 'Hello')] }),
    record(3, { kind: 'feedback', messageId: 'a', report: { feedback: { thumb: 'up' } } }),
    record(4, { kind: 'feedback', messageId: 'a', report: { feedback: { thumb: 'down' } } }),
    record(5, { kind: 'event', report: { eventName: 'opened' } }),
    record(6, { kind: 'event', report: { eventName: 'closed' } }),
    record(7, user({ plan: 'free' })),
    record(8, user({ plan: 'pro' })),
  ];

  test('was said in the order in which it was written, whatever came first', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...records], { minLength: records.length }), (logs) => {
        const conversation = thread([], logs);
        expect(textsIn(conversation)).toEqual(['Hi', 'Hello']);
        expect(conversation?.messages[1]?.feedback?.[0]?.values).toEqual({ thumb: 'down' });
        expect(conversation?.events.map(({ name }) => name)).toEqual(['opened', 'closed']);
        expect(conversation?.users).toEqual([{ userId: 'ann', props: { plan: 'pro' } }]);
      }),
    );
  });
});

describe('a thread of any length', () => {
  const MANY = 8_000;
  const many = <T>(make: (index: number) => T): readonly T[] =>
    Array.from({ length: MANY }, (_, i) => make(i));

  test('goes on after answers without words, however many', () => {
    const silent = said('assistant', '');
    const spans = many((start) => span(`s${start}`, { start, kind: 'llm', output: [silent] }));
    const last = span('last', {
      start: MANY,
      kind: 'llm',
      input: [said('user', 'Are you there?')],
      output: [said('assistant', 'I am.')],
    });
    expect(textsIn(thread([...spans, last]))?.slice(-2)).toEqual(['Are you there?', 'I am.']);
  });

  test('is found again in as many records of one span as there are', () => {
    const logs = many((index) =>
      record(index, {
        recordId: `r${index}`,
        kind: 'message',
        messageId: `m${index}`,
        inputKey: 'log:message',
        inputHashes: [said('user', `word ${index}`)],
      }),
    );
    const conversation = thread([], logs);
    expect(conversation?.messages.map(({ provenance }) => provenance?.key)).toEqual(
      many(() => 'log:message'),
    );
  });

  test('stands below as many spans as there are', () => {
    const call = { kind: 'llm', input: [said('user', 'Hi')] } as const;
    const spans = many((start) =>
      span(`s${start}`, {
        start,
        ...(start > 0 && { parent: `s${start - 1}` }),
        ...(start === MANY - 1 && call),
      }),
    );
    const [first, ...rest] = spans;
    const conversation = thread(first ? [{ ...first, parentMessageId: 'asked' }, ...rest] : []);
    expect(conversation?.generations.map(({ parentMessageId }) => parentMessageId)).toEqual([
      'asked',
    ]);
  });
});
