import type { ConversationMessage, Generation } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { GrowingTree } from './growing-tree.js';
import { listMessages } from './messages.js';
import { call } from './testing/calls.js';
import { listTurns } from './turns.js';

const MS = 1_000_000n;

const at = (start: bigint, end: bigint, spanId: string) => ({
  startTimeUnixNano: start * MS,
  endTimeUnixNano: end * MS,
  spanId,
  traceId: 'trace',
});

const generation = (spanId: string, startMs: bigint, timeToFirstChunk?: number): Generation =>
  ({
    traceId: 'trace',
    spanId,
    turn: 1,
    startTimeUnixNano: startMs * MS,
    endTimeUnixNano: startMs * MS,
    timeToFirstChunk,
  }) as Generation;

const messages: readonly ConversationMessage[] = listMessages(
  new GrowingTree().grow([
    call(['u:weather'], ['a:!weather'], at(100n, 300n, 'ask')),
    call(['u:weather', 'a:!weather', 't:sun'], ['a:sunny'], at(500n, 900n, 'answer')),
    call(['s:title', 'u:Title for weather'], ['a:Weather'], at(110n, 950n, 'title')),
  ]),
  'thread',
);

describe('the times of a turn', () => {
  test('run from the question to the last answer and to the first chunk', () => {
    const calls = [
      generation('ask', 100n, 0.15),
      generation('answer', 500n, 0.05),
      generation('title', 110n, 0.01),
    ];
    expect(listTurns(messages, calls)[0]).toMatchObject({
      latencyMs: 800,
      timeToFirstTokenMs: 150,
    });
  });

  test('are unknown where nothing tells them', () => {
    const [turn] = listTurns(messages.slice(0, 1), []);
    expect(turn).toMatchObject({ latencyMs: undefined, timeToFirstTokenMs: undefined });
  });
});
