import type { Part } from '@colloquy/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashContent } from '../digest.js';
import { arrange } from './arrange.js';
import { createStored } from './call.js';
import { createNode } from './node.js';
import { call, show } from './testing/calls.js';

/** What a call is sent, and what it answers. */
type Exchange = readonly [input: readonly string[], output: readonly string[]];

const CONVERSATIONS: Readonly<Record<string, readonly Exchange[]>> = {
  'a history that goes on': [
    [['s:be kind', 'u:hello'], ['a:hi']],
    [['s:be kind', 'u:hello', 'a:hi', 'u:bye'], ['a:see you']],
  ],
  'an answer that no call told': [
    [['u:hello'], ['a:hi']],
    [['u:hello', 'a:hi', 'u:tell me all'], []],
    [['u:hello', 'a:hi', 'u:tell me all', 'a:once upon', 'u:too long'], ['a:sorry']],
  ],
  'a window': [
    [['u:one'], ['a:1']],
    [['u:one', 'a:1', 'u:two'], ['a:2']],
    [['u:two', 'a:2', 'u:three'], ['a:3']],
    [['u:three', 'a:3', 'u:four'], ['a:4']],
  ],
};

test.each(Object.entries(CONVERSATIONS))('%s comes out in any order', (_, exchanges) => {
  const told = exchanges.map(([input, output]) => call(input, output));
  const orders = fc.tuple(
    ...told.map(({ input }) =>
      fc.shuffledSubarray([...input], { minLength: input.length, maxLength: input.length }),
    ),
  );
  fc.assert(
    fc.property(orders, (inputs) => {
      const unordered = told.map((one, index) => ({
        ...one,
        input: inputs[index] ?? [],
        inputIsUnordered: true,
      }));
      expect(show(unordered)).toEqual(show(told));
    }),
  );
});

test('words that were said before and collapsed into one stand in every place', () => {
  const first = call(['u:ping'], ['a:pong']);
  const second = call(['u:ping', 'a:pong'], ['a:pong'], { inputIsUnordered: true });
  const third = call(['a:pong', 'u:ping'], ['a:pong'], { inputIsUnordered: true });
  const last = call(['u:stop', 'a:pong', 'u:ping'], ['a:ok'], { inputIsUnordered: true });
  const pings = ['u:ping', 'a:pong', 'u:ping', 'a:pong', 'u:ping', 'a:pong'];
  expect(show([first, second, third, last]).main).toEqual([...pings, 'u:stop', 'a:ok']);
});

test('results come in the order of the calls that they answer', () => {
  const stored = (role: string, parts: readonly Part[]) => {
    const message = { role, parts };
    return createStored(hashContent(message), message);
  };
  const ids = ['b', 'a', 'c'];
  const asks = stored(
    'assistant',
    ids.map((id) => ({ type: 'tool_call', id, name: 'find', arguments: {} })),
  );
  const results = ids.map((id) =>
    stored('tool', [{ type: 'tool_call_response', id, response: id }]),
  );
  const question = stored('user', [{ type: 'text', content: 'Find them' }]);
  const ordered = [question, asks, ...results];
  const root = createNode(undefined, '', '');
  fc.assert(
    fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (shuffled) => {
      expect(arrange(shuffled, root, new Map())).toEqual(ordered);
    }),
  );
});
