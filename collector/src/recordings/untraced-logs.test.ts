import type { LogRecord, Span } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuildInMemory } from './rebuild-in-memory.js';
import { chatSpan } from './testing/chat-span.js';
import { answer, logRecord, prompt } from './testing/log-record.js';

const said = (logs: readonly LogRecord[], spans: readonly Span[] = []) =>
  rebuildInMemory([{ spans, logs }]).map(({ threadId, messages }) => ({
    threadId,
    texts: messages
      .filter(({ line }) => line === 'main')
      .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.content : ''))),
  }));

const session = [
  prompt('one', 1, 'Hello'),
  answer('one', 2, 'Hi'),
  prompt('one', 3, 'Continue'),
  answer('one', 4, 'Done'),
  prompt('one', 5, 'Continue'),
  answer('one', 6, 'Done'),
];
const texts = ['Hello', 'Hi', 'Continue', 'Done', 'Continue', 'Done'];

describe('log records outside any trace', () => {
  test('are the conversation of the thread that they name, each word once', () => {
    expect(said(session)).toEqual([{ threadId: 'one', texts }]);
  });

  test('leave no gap and no trace, and count as model calls', () => {
    const [thread] = rebuildInMemory([{ spans: [], logs: session }]);
    expect(thread?.messages.filter(({ historyGap }) => historyGap)).toEqual([]);
    expect(thread).toMatchObject({ traceIds: [], services: ['cli'], models: ['gpt-4o-mini'] });
    expect(thread?.generations.map(({ turn, inputTokens }) => [turn, inputTokens])).toEqual([
      [1, 10],
      [2, 10],
      [3, 10],
    ]);
  });

  test('give the same in any order, with copies', () => {
    const other = session.map((log) => ({
      ...log,
      attributes: new Map([...log.attributes, ['session.id', 'two'] as const]),
    }));
    const all = [...session, ...other].map((log) => ({ spans: [], logs: [log] }));
    const whole = rebuildInMemory(all);
    const order = fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 });
    fc.assert(
      fc.property(order, (requests) => {
        expect(rebuildInMemory(requests)).toEqual(whole);
      }),
      { numRuns: 10, seed: 3 },
    );
  });

  test('of one moment stand in the order in which they were written', () => {
    const logs = [prompt('one', 1, 'Hello'), answer('one', 1, 'Hi'), prompt('one', 1, 'Bye')];
    expect(said(logs.map((log, sequence) => ({ ...log, sequence })))).toEqual([
      { threadId: 'one', texts: ['Hello', 'Hi', 'Bye'] },
    ]);
  });

  test('that send the history again are walked as calls are', () => {
    const whole = (at: number, turns: readonly (readonly [string, string])[], output: string) =>
      logRecord({
        eventName: 'gen_ai.client.inference.operation.details',
        attributes: {
          'gen_ai.conversation.id': 'one',
          'gen_ai.operation.name': 'chat',
          'gen_ai.input.messages': JSON.stringify(
            turns.map(([role, content]) => ({ role, content })),
          ),
          'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', content: output }]),
        },
        at,
      });
    const hello = ['user', 'Hello'] as const;
    const logs = [
      whole(1, [hello], 'Hi'),
      whole(2, [hello, ['assistant', 'Hi'], ['user', 'Bye']], 'See you'),
    ];
    expect(said(logs)).toEqual([{ threadId: 'one', texts: ['Hello', 'Hi', 'Bye', 'See you'] }]);
  });

  test('that tell what a span has told add nothing', () => {
    const span = chatSpan({
      trace: 'one',
      at: 1.2,
      history: ['Hello'],
      answer: 'Hi',
      attributes: { 'session.id': 'one' },
    });
    expect(said(session, [span])).toEqual([{ threadId: 'one', texts }]);
  });

  test('belong to no thread when they name none', () => {
    const unnamed = session.map((log) => ({ ...log, attributes: new Map() }));
    expect(said(unnamed)).toEqual([]);
  });
});
