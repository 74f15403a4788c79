import type { LogFact, Message, SpanFact } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { findCalls } from './calls.js';
import { MessageMemory } from './message-memory.js';
import { buildSpanTrees, listNodes } from './span-tree.js';
import { span } from './testing/spans.js';

/** Contents by a hash that begins with the role: `u1`, `a1`, `s`. */
const contents: ReadonlyMap<string, Message> = new Map(
  ['s', 'u1', 'a1', 'u2', 'a2'].map((hash) => {
    const role = { s: 'system', u: 'user', a: 'assistant' }[hash[0] ?? ''] ?? '';
    return [hash, { role, parts: [{ type: 'text', content: hash }] }];
  }),
);

type Said = Partial<Pick<SpanFact, 'systemHashes' | 'inputHashes' | 'outputHashes' | 'responseId'>>;

/** A record of the call in the span `agent`, written at this time. */
const record = (time: number, said: Said): LogFact => ({
  ...span('agent', { kind: 'llm' }),
  eventName: 'gen_ai.client.inference.operation.details',
  recordId: `record-${time}`,
  sequence: time,
  timeUnixNano: BigInt(time),
  ...said,
});

const show = (spans: readonly SpanFact[], logs: readonly LogFact[]) =>
  findCalls(listNodes(buildSpanTrees(spans)), logs, spans, new MessageMemory(contents)).map(
    ({ input, output, responseId, sequence }) => ({
      input: input.map(({ hash }) => hash).join(' '),
      output: output.map(({ hash }) => hash).join(' '),
      responseId,
      sequence,
    }),
  );

const agent = span('agent', { kind: 'agent' });

describe('records of operation details in one span', () => {
  test('are one call where each holds one side of it', () => {
    const logs = [
      record(1, { systemHashes: ['s'] }),
      record(2, { inputHashes: ['u1'] }),
      record(3, { outputHashes: ['a1'], responseId: 'r1' }),
    ];
    const one = [{ input: 's u1', output: 'a1', responseId: 'r1', sequence: 0 }];
    expect(show([agent], logs)).toEqual(one);
    expect(show([agent], logs.toReversed())).toEqual(one);
  });

  const two = [
    record(1, { inputHashes: ['u1'], outputHashes: ['a1'], responseId: 'r1' }),
    record(2, { inputHashes: ['u1', 'a1', 'u2'], outputHashes: ['a2'], responseId: 'r2' }),
  ];
  const calls = [
    { input: 'u1', output: 'a1', responseId: 'r1', sequence: 0 },
    { input: 'u1 a1 u2', output: 'a2', responseId: 'r2', sequence: 1 },
  ];

  test('are a call each where each brings a history', () => {
    expect(show([agent], two.toReversed())).toEqual(calls);
  });

  test('are a call each also when their span is missing', () => {
    expect(show([], two)).toEqual(calls);
  });
});

test('a span that counts the messages of several calls gives them in order', () => {
  const fact: SpanFact = {
    ...agent,
    systemHashes: ['s'],
    inputHashes: ['u1', 'u1', 'a1', 'u2'],
    outputHashes: ['a1', 'a2'],
    inputCounts: [1, 3],
    outputCounts: [1, 1],
    inputSource: 'events',
    outputSource: 'events',
  };
  expect(show([fact], [])).toMatchObject([
    { input: 's u1', output: 'a1', sequence: 0 },
    { input: 's u1 a1 u2', output: 'a2', sequence: 1 },
  ]);
});

test('records tell a call whose span was cut, with their own instructions', () => {
  const cut = { ...span('agent', { kind: 'llm', input: ['u2'] }), systemHashes: ['a2'] };
  const logs = [record(1, { systemHashes: ['s'], inputHashes: ['u1'], outputHashes: ['a1'] })];
  const whole = [{ input: 's u1', output: 'a1', responseId: undefined, sequence: 0 }];
  expect(show([{ ...cut, inputSource: 'raw' }], logs)).toEqual(whole);
  expect(show([{ ...cut, inputSource: 'messages' }], logs)).not.toEqual(whole);
});

test('a graph that gives its state is heard as the call whose span is missing', () => {
  const graph = span('agent', { kind: 'chain', input: ['u2'], output: ['u1', 'a1', 'u2', 'a2'] });
  expect(show([{ ...graph, systemHashes: ['s'] }], [])).toMatchObject([
    { input: 's u1 a1 u2', output: 'a2' },
  ]);
});
