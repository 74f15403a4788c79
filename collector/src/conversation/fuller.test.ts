import type { Json, Message, Part } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { hashContent } from '../digest.js';
import { createStored, type Call, type StoredMessage } from './call.js';
import { GrowingTree } from './growing-tree.js';
import { listMessages } from './messages.js';
import { call } from './testing/calls.js';

const said = (role: string, ...parts: readonly Part[]): StoredMessage => {
  const message: Message = { role, parts };
  return createStored(hashContent(message), message);
};
const text = (content: string): Part => ({ type: 'text', content });
const look = (args: Json, { id, name = 'look' }: { id?: string; name?: string } = {}): Part => ({
  type: 'tool_call',
  ...(id !== undefined && { id }),
  name,
  arguments: args,
});

const ask = said('user', text('look'));
const seen = said('tool', { type: 'tool_call_response', id: 'one', response: 'sun' });
const sunny = said('assistant', text('sunny'));

const sent = (input: readonly StoredMessage[], output: readonly StoredMessage[]): Call => ({
  ...call([], []),
  input,
  output,
});

/** What is shown of these calls, on the main line and beside it. */
function show(calls: readonly Call[]) {
  const messages = listMessages(new GrowingTree().grow(calls), 'thread');
  const of = (line: string) =>
    messages.filter((message) => message.line === line).map(({ parts }) => parts);
  return { main: of('main'), branch: of('branch'), messages };
}

const args = { at: 'sky' };

describe('an answer whose echo tells more', () => {
  const output = said('assistant', look({}, { id: 'one' }));
  const echo = said('assistant', text('So.'), look(args, { id: 'one' }));
  const more = said('user', text('more'));
  const calls = [
    sent([ask], [output]),
    sent([ask, echo, seen], [sunny]),
    sent([ask, echo, seen, sunny, more], [said('assistant', text('done'))]),
  ];

  test('is one message all along', () => {
    const { main, branch } = show(calls);
    expect(main).toEqual([
      [text('look')],
      echo.message.parts,
      seen.message.parts,
      [text('sunny')],
      [text('more')],
      [text('done')],
    ]);
    expect(branch).toEqual([]);
  });

  test('stays the message that it was, of the call that gave it', () => {
    const [, before] = show(calls.slice(0, 1)).messages;
    const [, after] = show(calls).messages;
    expect(before?.parts).toEqual(output.message.parts);
    expect(after).toMatchObject({
      messageId: before?.messageId,
      contentHash: echo.hash,
      spanId: calls[0]?.spanId,
      createdAt: calls[0]?.endTimeUnixNano,
      provenance: { spanId: calls[1]?.spanId },
    });
  });

  test('goes on where another echo was as poor as the answer', () => {
    const { main, branch } = show([
      sent([ask], [output]),
      sent([ask, output, seen], [sunny]),
      sent([ask, echo, seen, sunny, more], []),
    ]);
    expect(main[1]).toEqual(echo.message.parts);
    expect(main).toHaveLength(5);
    expect(branch).toEqual([]);
  });

  test('is the one of several that it completes', () => {
    const answers = [look({ at: 'sea' }), look(args), look({})].map((part) =>
      said('assistant', part),
    );
    const { main, branch } = show([
      ...answers.map((answer) => sent([ask], [answer])),
      sent([ask, said('assistant', text('So.'), look(args)), seen], [sunny]),
    ]);
    expect(main[1]).toEqual([text('So.'), look(args)]);
    expect(branch).toEqual([[look({ at: 'sea' })], [look({})]]);
  });
});

test.each<[string, readonly Part[], readonly Part[]]>([
  ['another tool', [look({})], [text('So.'), look({}, { name: 'listen' })]],
  ['another tool with arguments', [look({})], [look(args, { name: 'listen' })]],
  ['other arguments', [look({ at: 'sea' })], [text('So.'), look(args)]],
  ['another call by its id', [look(args, { id: 'a' })], [text('So.'), look(args, { id: 'b' })]],
  ['another empty call by its id', [look({}, { id: 'a' })], [look(args, { id: 'b' })]],
  ['fewer calls', [look({}), look({})], [text('So.'), look(args)]],
  ['calls in another order', [look(args), look({ at: 'sea' })], [text('So.'), look({ at: 'sea' })]],
  ['other words', [text('A red apple.')], [text('Let me see.'), look(args)]],
  ['no words', [text('A red apple.')], [look(args)]],
])('what a history has in its place is a branch where it tells of %s', (_, told, sentLater) => {
  const { main, branch } = show([
    sent([ask], [said('assistant', ...told)]),
    sent([ask, said('assistant', ...sentLater), seen], [sunny]),
  ]);
  expect(main[1]).toEqual(sentLater);
  expect(branch).toEqual([told]);
});

test('an answer that was made again is not the first, however poor that is', () => {
  const first = said('assistant', look({}));
  const second = said('assistant', text('So.'), look(args));
  const { main, branch } = show([
    sent([ask], [first]),
    sent([ask], [second]),
    sent([ask, second, seen], [sunny]),
  ]);
  expect(main[1]).toEqual(second.message.parts);
  expect(branch).toEqual([first.message.parts]);
});
