import { describe, expect, test } from 'vitest';
import { call, show } from './testing/calls.js';

const before = [
  call(['s:help', 'u:one'], ['a:1']),
  call(['s:help', 'u:one', 'a:1', 'u:two'], ['a:2']),
  call(['s:help', 'u:one', 'a:1', 'u:two', 'a:2', 'u:three'], ['a:3']),
];
const old = ['s:help', 'u:one', 'a:1', 'u:two', 'a:2', 'u:three', 'a:3'];
const S = 'They talked of one, two and three.';

describe('a history that begins with a summary', () => {
  test('goes on after what it kept, the summary once', () => {
    const calls = [
      ...before,
      call(['s:help', `u:${S}`, 'u:three', 'a:3', 'u:four'], ['a:4']),
      call(['s:help', `u:${S}`, 'u:three', 'a:3', 'u:four', 'a:4', 'u:five'], ['a:5']),
    ];
    expect(show(calls)).toEqual({
      main: [...old, `u:${S}`, 'u:four', 'a:4', 'u:five', 'a:5'],
      branch: [],
      side_call: [],
      gaps: [],
      summaries: [`u:${S}`],
      turns: [1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5],
    });
  });

  const summed = call([...old, 'u:Summarise what was said.'], [`a:${S}`]);

  test('may keep a single message, where a call wrote it', () => {
    const calls = [...before, summed, call(['s:help', `u:So far: ${S}`, 'a:3', 'u:four'], ['a:4'])];
    expect(show(calls)).toMatchObject({
      main: [...old, `u:So far: ${S}`, 'u:four', 'a:4'],
      side_call: ['u:Summarise what was said.', `a:${S}`],
    });
  });

  test('may stand for the first message alone, and is no other version of it', () => {
    const kept = ['s:help', `u:So far: ${S}`, ...old.slice(2), 'u:four'];
    const calls = [
      ...before,
      summed,
      call(kept, ['a:4']),
      call([...kept, 'a:4', 'u:five'], ['a:5']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `u:So far: ${S}`, 'u:four', 'a:4', 'u:five', 'a:5'],
    });
  });

  test('goes on where it was kept, however little of that can be read', () => {
    const kept = ['s:help', `u:So far: ${S}`, 'a:', 'u:four'];
    const calls = [
      ...before,
      summed,
      call(kept, ['a:4']),
      call([...kept, 'a:4', 'u:five'], ['a:5']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `u:So far: ${S}`, 'u:four', 'a:4', 'u:five', 'a:5'],
      branch: [],
    });
  });

  test('may leave out an answer without words before it', () => {
    const silent = call([...old, 'u:four'], ['a:']);
    const asked = call([...old, 'u:four', 'u:Summarise what was said.'], [`a:${S}`]);
    const calls = [
      ...before,
      silent,
      asked,
      call(['s:help', `u:So far: ${S}`, 'u:four', 'u:five'], ['a:5']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, 'u:four', 'a:', `u:So far: ${S}`, 'u:five', 'a:5'],
    });
  });

  test('may have an answer given anew after it', () => {
    const calls = [
      ...before,
      summed,
      call(['s:help', `u:So far: ${S}`, 'a:2', 'u:three'], ['a:3, again']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['s:help', 'u:one', 'a:1', 'u:two', 'a:2', 'u:three', `u:So far: ${S}`, 'a:3, again'],
    });
  });

  test('may have new words before it', () => {
    const calls = [
      ...before,
      call(['s:Summarize the conversation.', 'u:All of it.'], [`a:${S}`]),
      call(['s:help', 'a:Welcome back!', `u:So far: ${S}`, 'u:four'], ['a:4']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, 'a:Welcome back!', `u:So far: ${S}`, 'u:four', 'a:4'],
      summaries: [`u:So far: ${S}`],
    });
  });

  test('may keep the first message before it', () => {
    const calls = [
      ...before,
      call(['s:help', 'u:one', `u:${S}`, 'u:three', 'a:3', 'u:four'], ['a:4']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `u:${S}`, 'u:four', 'a:4'],
      branch: [],
      summaries: [`u:${S}`],
    });
  });

  test('is summed up again later', () => {
    const calls = [
      ...before,
      call(['s:help', `u:${S}`, 'u:three', 'a:3', 'u:four'], ['a:4']),
      call(['s:help', 'u:And of four.', 'u:four', 'a:4', 'u:five'], ['a:5']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `u:${S}`, 'u:four', 'a:4', 'u:And of four.', 'u:five', 'a:5'],
      branch: [],
      summaries: [`u:${S}`, 'u:And of four.'],
    });
  });

  test('is sent again in a call that goes on with tools', () => {
    const history = ['s:help', `u:${S}`, 'u:three', 'a:3', 'u:four'];
    const calls = [
      ...before,
      call(history, ['a:!look'], { traceId: 'x' }),
      call([...history, 'a:!look', 't:seen'], ['a:4'], { traceId: 'x' }),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `u:${S}`, 'u:four', 'a:!look', 't:seen', 'a:4'],
      branch: [],
    });
  });
});

describe('the call that wrote the summary', () => {
  test.each([
    ['with instructions of its own', ['s:summarise', 'u:one 1 two 2 three 3']],
    ['after the history', [...old, 'u:Summarize all of this.']],
  ])('%s stays aside', (_, input) => {
    const calls = [
      ...before,
      call(input, [`a:${S}`]),
      call(['s:help', `u:Before this: ${S}`, 'u:four'], ['a:4']),
      call(['s:help', `u:Before this: ${S}`, 'u:four', 'a:4', 'u:five'], ['a:5']),
    ];
    const shown = show(calls);
    expect(shown).toMatchObject({
      main: [...old, `u:Before this: ${S}`, 'u:four', 'a:4', 'u:five', 'a:5'],
      branch: [],
      gaps: [],
      summaries: [`u:Before this: ${S}`],
    });
    expect(shown.side_call).toContain(`a:${S}`);
  });

  test('stays aside where instructions quote it', () => {
    const calls = [
      ...before,
      call([...old, 'u:Create a summary of the conversation above.'], [`a:${S}`]),
      call([`s:help. So far: ${S}`, 'u:three', 'a:3', 'u:four'], ['a:4']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `s:help. So far: ${S}`, 'u:four', 'a:4'],
      side_call: ['u:Create a summary of the conversation above.', `a:${S}`],
      branch: [],
      summaries: [`s:help. So far: ${S}`],
    });
  });

  test('stays aside where nothing else is left of the history', () => {
    const calls = [
      ...before,
      call([...old, 'u:Create a summary of the conversation above.'], [`a:${S}`]),
      call([`s:help. So far: ${S}`, 'u:four'], ['a:4']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...old, `s:help. So far: ${S}`, 'u:four', 'a:4'],
      side_call: ['u:Create a summary of the conversation above.', `a:${S}`],
      gaps: [],
    });
  });
});

test('an answer that the user quotes is no summary', () => {
  const calls = [
    call(['s:summarise', 'u:text'], ['a:A long text about nothing.']),
    call(
      [
        's:summarise',
        'u:text',
        'a:A long text about nothing.',
        'u:A long text about nothing. Why?',
      ],
      ['a:ok'],
    ),
  ];
  expect(show(calls)).toMatchObject({ side_call: [], summaries: [], turns: [1, 1, 1, 2, 2] });
});

test('a summary and the question after it may be one message', () => {
  const both = 'u:Summary: they talked of three things.+Go on?';
  const calls = [
    ...before,
    call(['s:help', both], ['a:4']),
    call(['s:help', both, 'a:4', 'u:five'], ['a:5']),
  ];
  expect(show(calls)).toMatchObject({ main: [...old, both, 'a:4', 'u:five', 'a:5'], branch: [] });
});
