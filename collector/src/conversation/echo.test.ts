import type { Json, Message, Part } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { hashContent } from '../digest.js';
import { createStored, type StoredMessage } from './call.js';
import { GrowingTree } from './growing-tree.js';
import { listMessages } from './messages.js';
import { call, show } from './testing/calls.js';

const said = (role: string, ...parts: readonly Part[]): StoredMessage => {
  const message: Message = { role, parts };
  return createStored(hashContent(message), message);
};
const text = (content: string): Part => ({ type: 'text', content });
const reasoning = (content: string): Part => ({ type: 'reasoning', content });
const toolCall = (args: Json): Part => ({
  type: 'tool_call',
  id: 'call',
  name: 'look',
  arguments: args,
});

/** One answer, its echo in the next call, and what the thread then shows of the two. */
function join(output: readonly StoredMessage[], echo: readonly StoredMessage[]) {
  const [ask, more] = [said('user', text('look')), said('user', text('more'))];
  const calls = [
    { ...call([], []), input: [ask], output },
    { ...call([], []), input: [ask, ...echo, more], output: [said('assistant', text('done'))] },
    {
      ...call([], []),
      input: [ask, ...echo, more, said('assistant', text('done')), more],
      output: [],
    },
  ];
  const messages = listMessages(new GrowingTree().grow(calls), 'thread');
  expect(messages.filter(({ line }) => line !== 'main')).toEqual([]);
  expect(messages.map(({ role }) => role).slice(-3)).toEqual(['user', 'assistant', 'user']);
  return messages.slice(1, -3).map(({ parts }) => parts);
}

const one = (...parts: readonly Part[]): readonly StoredMessage[] => [said('assistant', ...parts)];
const look = toolCall({ at: 'sky', how: [1, 2] });

describe('an answer and its echo are one message, the fuller shown', () => {
  test.each<[string, readonly StoredMessage[], readonly StoredMessage[], readonly Part[]]>([
    [
      'without its reasoning',
      one(reasoning('hm'), text('Yes.')),
      one(text('Yes.')),
      [reasoning('hm'), text('Yes.')],
    ],
    [
      'with reasoning that the answer had lost',
      one(text('Yes.')),
      one(reasoning('hm'), text('Yes.')),
      [reasoning('hm'), text('Yes.')],
    ],
    ['with null for an empty text', one(text(''), look), one(look), [text(''), look]],
    [
      'split in two',
      one(text('So.'), look),
      [...one(text('So.')), ...one(look)],
      [text('So.'), look],
    ],
    [
      'merged into one',
      [...one(text('So.')), ...one(look)],
      one(text('So.'), look),
      [text('So.'), look],
    ],
    ['without its tool call', one(text('So.'), look), one(text('So.')), [text('So.'), look]],
    [
      'without the text before its tool call',
      one(text('So.'), look),
      one(look),
      [text('So.'), look],
    ],
    [
      'with the tool call that was not told',
      one(text('So.')),
      one(text('So.'), look),
      [text('So.'), look],
    ],
    [
      'with the text that the answer had lost',
      one(look),
      one(text('So.'), look),
      [text('So.'), look],
    ],
    [
      'with the arguments that the answer had lost',
      one(text('So.'), toolCall({})),
      one(text('So.'), look),
      [text('So.'), look],
    ],
    [
      'with text, id and arguments that the answer had lost',
      one({ type: 'tool_call', name: 'look' }),
      one(text('So.'), look),
      [text('So.'), look],
    ],
    [
      'with the id that the answer had lost',
      one({ type: 'tool_call', name: 'look', arguments: { at: 'sky', how: [1, 2] } }),
      one(look),
      [look],
    ],
    [
      'with calls around the one that was told',
      one(text('So.'), look),
      one(text('So.'), toolCall('sea'), look, toolCall('sun')),
      [text('So.'), toolCall('sea'), look, toolCall('sun')],
    ],
    ['with arguments as text', one(look), one(toolCall('{"how":[1,2],"at":"sky"}')), [look]],
    ['with no arguments', one(toolCall({})), one(toolCall('')), [toolCall({})]],
    ['trimmed', one(text(' Yes.\n')), one(text('Yes.')), [text(' Yes.\n')]],
    [
      'as far as the app heard it',
      one(text('Yes, and there is more.')),
      one(text('Yes, and')),
      [text('Yes, and there is more.')],
    ],
    [
      'further than the tracer heard it',
      one(text('Yes, and')),
      one(text('Yes, and there is more.')),
      [text('Yes, and there is more.')],
    ],
    ['where no answer was told', [], one(text('Yes, and')), [text('Yes, and')]],
    [
      'reworked by the app',
      one(text('It is **here**, as the map [1] shows.')),
      one(text('It is here, as the map shows.')),
      [text('It is **here**, as the map [1] shows.')],
    ],
  ])('%s', (_, output, echo, shown) => {
    expect(join(output, echo)).toEqual([shown]);
  });

  test('reasoning alone stays where the conversation goes on without it', () => {
    expect(join(one(reasoning('hm')), [])).toEqual([[reasoning('hm')]]);
    expect(join(one(reasoning('hm')), one())).toEqual([[reasoning('hm')]]);
  });
});

describe('a history that was altered', () => {
  test('by clearing tool results tells nothing new', () => {
    const calls = [
      call(['u:1'], ['a:!look']),
      call(['u:1', 'a:!look', 't:sun'], ['a:sunny']),
      call(['u:1', 'a:!look', 't:[cleared]', 'a:sunny', 'u:2'], ['a:2']),
      call(['u:1', 'a:!look', 't:[cleared]', 'a:sunny', 'u:2', 'a:2', 'u:3'], ['a:3']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:1', 'a:!look', 't:sun', 'a:sunny', 'u:2', 'a:2', 'u:3', 'a:3'],
      branch: [],
      gaps: [],
    });
  });

  test('by taking out what was added to a question tells nothing new', () => {
    const calls = [
      call(['u:Use these notes. Question: where is it'], ['a:here']),
      call(['u:where is it', 'a:here', 'u:Use those notes. Question: and now'], ['a:there']),
      call(['u:where is it', 'a:here', 'u:and now', 'a:there', 'u:thanks'], ['a:welcome']),
    ];
    expect(show(calls)).toMatchObject({
      main: [
        'u:Use these notes. Question: where is it',
        'a:here',
        'u:Use those notes. Question: and now',
        'a:there',
        'u:thanks',
        'a:welcome',
      ],
      branch: [],
      gaps: [],
    });
  });
});

test('results that were told together are altered together', () => {
  const start = ['u:Weather?', 'a:!now#c1+!then#c2'];
  const calls = [
    call(['u:Weather?'], ['a:!now#c1+!then#c2']),
    call([...start, 't:sunny#c1+rain#c2'], ['a:Sun, then rain.']),
    call([...start, 't:[cleared]#c1+[cleared]#c2', 'a:Sun, then rain.', 'u:Sure?'], ['a:Yes.']),
  ];
  expect(show(calls)).toMatchObject({
    main: ['u:Weather?', 'a:!now+!then', 't:sunny+rain', 'a:Sun, then rain.', 'u:Sure?', 'a:Yes.'],
    branch: [],
  });
});

test('equal results of two answers are two, though histories leave the answers out', () => {
  const calls = [
    call(['u:Weather?'], ['a:!now#c1']),
    call(['u:Weather?', 't:sunny#c1'], ['a:Go out.']),
    call(['u:Weather?'], ['a:!then#c2']),
    call(['u:Weather?', 't:sunny#c2'], ['a:Go out then.']),
  ];
  expect(show(calls)).toMatchObject({
    main: ['u:Weather?', 'a:!then', 't:sunny', 'a:Go out then.'],
    branch: ['a:!now', 't:sunny', 'a:Go out.'],
  });
});

test('another answer than the one that was given is a branch', () => {
  const calls = [call(['u:1'], ['a:red apples']), call(['u:1', 'a:a green pear', 'u:2'], ['a:2'])];
  expect(show(calls)).toMatchObject({
    main: ['u:1', 'a:a green pear', 'u:2', 'a:2'],
    branch: ['a:red apples'],
  });
});

test.each([
  ['ok', 'Context:\n- trains run\n\nQuestion: ok'],
  ['no', 'Context:\n- trains run\n\nno'],
])('a question is the same in a prompt that ends with it: %s', (question, prompt) => {
  const ask = said('user', text(prompt));
  const answer = said('assistant', text('Good.'));
  const more = said('user', text('more'));
  const calls = [
    { ...call([], []), input: [ask], output: [answer] },
    { ...call([], []), input: [said('user', text(question)), answer, more], output: [] },
  ];
  const messages = listMessages(new GrowingTree().grow(calls), 'thread');
  expect(messages.map(({ role, line }) => `${line} ${role}`)).toEqual([
    'main user',
    'main assistant',
    'main user',
  ]);
});
