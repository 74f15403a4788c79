import { expect, test } from 'vitest';
import { BoundedQueue, type Item } from './bounded-queue.js';

const item = (text: string, bytes = 10): Item => ({ text, bytes });
const items = (text: string): readonly Item[] => Array.from(text, (letter) => item(letter));
const textOf = (held: readonly Item[]): string => held.map(({ text }) => text).join('');

test('drops the oldest of too many', () => {
  const queue = new BoundedQueue({ maxItems: 3, maxBytes: 1_000 });
  expect(queue.append(items('abcd'))).toBe(1);
  expect(queue.append(items('ef'))).toBe(2);
  expect(textOf(queue.items)).toBe('def');
});

test('drops the oldest of what weighs too much', () => {
  const queue = new BoundedQueue({ maxItems: 100, maxBytes: 35 });
  expect(queue.append(items('abcd'))).toBe(1);
  expect(textOf(queue.items)).toBe('bcd');
  expect(queue.bytes).toBe(30);
});

test('drops one that is too big by itself, and no other for it', () => {
  const queue = new BoundedQueue({ maxItems: 100, maxBytes: 35 });
  queue.append(items('ab'));
  expect(queue.append([item('huge', 36)])).toBe(1);
  expect(textOf(queue.items)).toBe('ab');
});

test('gives as many as fit, and one that fits nowhere only when asked for at least one', () => {
  const queue = new BoundedQueue({ maxItems: 100, maxBytes: 1_000 });
  queue.append([...items('abc'), item('big', 100)]);
  expect(textOf(queue.take(25, 1))).toBe('ab');
  expect(textOf(queue.take(25, 1))).toBe('c');
  expect(textOf(queue.take(25, 0))).toBe('');
  expect(textOf(queue.take(25, 1))).toBe('big');
  expect(queue.bytes).toBe(0);
});

test('what is put back stands first, and is dropped first', () => {
  const queue = new BoundedQueue({ maxItems: 3, maxBytes: 1_000 });
  queue.append(items('abc'));
  const taken = queue.take(20, 1);
  queue.append(items('d'));
  expect(queue.putBack(taken)).toBe(1);
  expect(textOf(queue.items)).toBe('bcd');
});
