import type { Message, Part } from '@colloquy/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostileThread, playHostile } from './hostile-threads.js';

/** `COLLOQUY_HOSTILE_RUNS=20000 npx vitest run src/invariants/hostile.test.ts` looks longer. */
const RUNS = {
  numRuns: Number(process.env['COLLOQUY_HOSTILE_RUNS'] ?? 150),
  seed: Number(process.env['COLLOQUY_PROPERTY_SEED'] ?? 20_261_123),
};

const isSaid = (part: Part): boolean =>
  part.type !== 'reasoning' && !(part.type === 'text' && part.content === '');

/** What a message says to the letter, without thoughts; an answer without words says nothing. */
const wordsOf = ({ role, parts }: Pick<Message, 'role' | 'parts'>): readonly string[] => {
  const said = parts.filter(isSaid);
  return said.length === 0 ? [] : [JSON.stringify([role, ...said])];
};

function count(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** True for an answer that another one begins with: it is told within that. */
const isBeginning = (words: string, shown: ReadonlyMap<string, number>): boolean =>
  [...shown.keys()].some((other) => other.startsWith(`${words.slice(0, -1)},`));

test('4. Lossless. Whatever apps make of their histories, what was said is shown, word for word', () => {
  fc.assert(
    fc.property(hostileThread, (thread) => {
      const { facts, messages } = playHostile(thread);
      const shown = count(messages.flatMap(wordsOf));
      const said = [...new Set(facts.flatMap(wordsOf))];
      expect(said.filter((words) => !shown.has(words) && !isBeginning(words, shown))).toEqual([]);
    }),
    RUNS,
  );
}, 600_000);

test('4. Lossless. Where histories are sent whole, nothing that was said once is shown twice', () => {
  fc.assert(
    fc.property(hostileThread, (thread) => {
      const isCut = thread.moves.some(({ kind }) => kind === 'window' || kind === 'compact');
      fc.pre(!isCut && !thread.manner.loses.has('blank answers'));
      const { facts, messages } = playHostile(thread);
      const said = count(facts.flatMap(wordsOf));
      const shown = [...count(messages.flatMap(wordsOf))];
      expect(shown.filter(([words, times]) => times > (said.get(words) ?? times))).toEqual([]);
    }),
    RUNS,
  );
}, 600_000);
