import type { Role } from '@colloquy/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWhole } from './normalise/read-whole.js';
import { foldText, referencesOf } from './store/fold.js';
import { TextMemory } from './text-memory.js';

const words = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(200))
  .map(([text, length]) => text.padEnd(length, 'né "x"\n'));
const role = fc.constantFrom('system', 'user', 'assistant', 'tool', 'tool-response');

/** Messages as emitters write them, and what else has been met in such lists. */
const item: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ role, content: words }) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(role, words)
      .map(([of, content]) => ({ role: of, parts: [{ type: 'text', content }] })),
  },
  fc.record({
    role: fc.constant('assistant'),
    content: fc.constant(null),
    tool_calls: fc.constant([{ id: 'a', function: { name: 'f', arguments: '{"a":1}' } }]),
  }),
  words.map((text) => ({ type: 'reasoning', summary: [{ type: 'summary_text', text }] })),
  words.map((output) => ({ type: 'function_call_output', call_id: 'a', output })),
  fc.constant({ type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' }),
  words.map((text) => ({ type: 'text', text })),
  words,
  fc.constantFrom(null, 1, [], {}),
);

const write = fc.constantFrom<(items: readonly unknown[]) => string>(
  (items) => JSON.stringify(items),
  (items) => JSON.stringify(items, undefined, 2),
  (items) => `[${items.map((one) => JSON.stringify(one)).join(', ')}] `,
  (items) => JSON.stringify({ model: 'm', messages: items }),
  (items) => JSON.stringify(items).slice(0, -7),
  (items) => JSON.stringify(JSON.stringify(items)),
);

/** One conversation: its calls send the first so many items, some of them after an edit. */
const conversation = fc.record({
  items: fc.array(item, { minLength: 1, maxLength: 8 }),
  write,
  calls: fc.array(fc.tuple(fc.nat(8), fc.option(item, { freq: 6 })), { maxLength: 8 }),
});

const textsOf = ({
  items,
  write: asText,
  calls,
}: {
  readonly items: readonly unknown[];
  readonly write: (items: readonly unknown[]) => string;
  readonly calls: readonly (readonly [number, unknown])[];
}): readonly string[] =>
  calls.map(([count, edit]) =>
    asText(edit === null ? items.slice(0, count) : [...items.slice(0, count), edit]),
  );

const growing = fc
  .record({ first: conversation, second: conversation, isAlike: fc.boolean() })
  .chain(({ first, second, isAlike }) => {
    const other = isAlike ? { ...second, items: [...first.items, ...second.items] } : second;
    const texts = [...textsOf(first), ...textsOf(other)];
    const sorted = texts.toSorted((a, b) => a.length - b.length);
    return fc.constantFrom(texts, sorted);
  });

const memories = fc.constantFrom(1_000, 10_000, 1_000_000);

describe('a memory of texts', () => {
  test('changes no text, message or folded value', () => {
    fc.assert(
      fc.property(growing, memories, (texts, size) => {
        const memory = new TextMemory(size);
        for (const text of texts) {
          const bytes = Buffer.from(`..${text}..`);
          const value = memory.read(bytes, 2, bytes.length - 2);
          expect(value).toBe(bytes.toString('utf8', 2, bytes.length - 2));
          for (const of of ['user', 'assistant'] as const satisfies readonly Role[]) {
            const messages = readWhole(value, of, memory) ?? [];
            const alone = new TextMemory();
            expect(JSON.stringify(messages)).toBe(
              JSON.stringify(readWhole(value, of, alone) ?? []),
            );
            const references = referencesOf({ i: messages, o: messages.slice(0, 1), s: [] });
            expect(foldText(value, references, memory)).toBe(foldText(value, references, alone));
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('decodes bytes that are no UTF-8 as without it', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom('é', '🌤️', ']}', ' ').map((text) => new Uint8Array(Buffer.from(text))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const memory = new TextMemory();
        let bytes = Buffer.alloc(300, 'a');
        for (const more of pieces) {
          bytes = Buffer.concat([bytes, more]);
          expect(memory.read(bytes, 0, bytes.length)).toBe(bytes.toString('utf8'));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('gives back the very messages that were read before', () => {
    const memory = new TextMemory();
    const items = Array.from({ length: 4 }, (_, index) => ({
      role: 'user',
      content: `${index} `.padEnd(300, 'x'),
    }));
    const read = (count: number): readonly object[] => {
      const bytes = Buffer.from(JSON.stringify(items.slice(0, count)));
      return readWhole(memory.read(bytes, 0, bytes.length), 'user', memory) ?? [];
    };
    const before = read(3);
    const after = read(4);
    expect(after).toHaveLength(4);
    for (const [index, message] of before.entries()) expect(after[index]).toBe(message);
  });
});

test('forgets every text when something was erased, and reads on', () => {
  const memory = new TextMemory();
  const made = new WeakMap<object, string>();
  const bytes = Buffer.from('a secret '.repeat(50));
  const text = memory.read(bytes, 0, bytes.length);
  memory.keep(text, made, 'what was made of it');
  expect(memory.earlier(text, made)?.made).toBe('what was made of it');
  memory.clear();
  expect(memory.earlier(text, made)).toBeUndefined();
  expect(memory.read(bytes, 0, bytes.length)).toBe(text);
});
