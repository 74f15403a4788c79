import type { LogFact } from '@colloquy/schema';
import { expect, test } from 'vitest';
import { putAnswersBelow } from './answers-above.js';
import { span } from './testing/spans.js';

const record = (spanId: string, time: number, said: Partial<LogFact>): LogFact => ({
  ...span(spanId),
  eventName: 'gen_ai.choice',
  recordId: `record-${time}`,
  sequence: time,
  timeUnixNano: BigInt(time),
  ...said,
});

const call = (spanId: string, start: number, end: number) => ({
  ...span(spanId, { parent: 'turn', kind: 'llm', start, input: ['u1'] }),
  endTimeUnixNano: BigInt(end),
});

const answer = { outputHashes: ['a1'] };
const placesOf = (logs: readonly LogFact[]): readonly string[] => logs.map(({ spanId }) => spanId);

test('an answer written above its call is put into it, whether or not the span above is known', () => {
  const calls = [call('one', 10, 20), call('two', 21, 30)];
  expect(placesOf(putAnswersBelow([record('turn', 15, answer)], calls))).toEqual(['one']);
  const known = [span('turn'), ...calls];
  expect(placesOf(putAnswersBelow([record('turn', 25, answer)], known))).toEqual(['two']);
});

test('records may tell what the call was sent', () => {
  const logs = [record('one', 10, { inputHashes: ['u1'] }), record('turn', 15, answer)];
  const silent = { ...call('one', 10, 20), inputHashes: [] };
  expect(placesOf(putAnswersBelow(logs, [silent]))).toEqual(['one', 'one']);
});

test.each([
  ['no call ran at that time', [call('one', 10, 14)]],
  ['two calls did', [call('one', 10, 20), call('two', 12, 20)]],
  ['the call tells one itself', [{ ...call('one', 10, 20), outputHashes: ['a2'] }]],
  ['the call tells nothing', [{ ...call('one', 10, 20), inputHashes: [] }]],
  ['what ran is no call', [{ ...call('one', 10, 20), kind: 'tool' as const }]],
  ['it ran in another span', [{ ...call('one', 10, 20), parentSpanId: 'other' }]],
])('an answer stays where %s', (_, spans) => {
  expect(placesOf(putAnswersBelow([record('turn', 15, answer)], spans))).toEqual(['turn']);
});

test.each([
  ['the question stands there, too', [record('turn', 11, { inputHashes: ['u1'] })], {}],
  ['it brings its question', [], { inputHashes: ['u1'] }],
  ['the app reports it', [], { kind: 'message' as const }],
  ['it stands in the call', [], { spanId: 'one' }],
])('an answer stays where %s', (_, others, more) => {
  const told = record('turn', 15, { ...answer, ...more });
  const placed = putAnswersBelow([...others, told], [call('one', 10, 20)]);
  expect(placed.at(-1)).toBe(told);
});
