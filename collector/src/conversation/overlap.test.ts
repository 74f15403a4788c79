import { describe, expect, test } from 'vitest';
import { call, show } from './testing/calls.js';

const asked = (question: string): string => `u:Context:\n- lakes are blue\n\nQuestion: ${question}`;

/** A conversation of an app that sends what it retrieved with the newest question alone. */
function retrieved(turns: readonly (readonly [string, string])[], window = Infinity) {
  const history: string[] = [];
  return turns.map(([question, answer]) => {
    const sent = [...history, asked(question)];
    history.push(`u:${question}`, `a:${answer}`);
    return call(['s:help', ...sent.slice(-window)], [`a:${answer}`]);
  });
}

const whole = (turns: readonly (readonly [string, string])[]): readonly string[] => [
  's:help',
  ...turns.flatMap(([question, answer]) => [asked(question), `a:${answer}`]),
];

const NOTHING_ELSE = { branch: [], side_call: [], gaps: [], summaries: [] };

describe('a window that begins with the bare question of a prompt', () => {
  const turns = ['one', 'two', 'three', 'four', 'five'].map(
    (at) => [`${at}?`, `A ${at}.`] as const,
  );

  test.each([3, 5, 7])('goes on where it was asked: %s messages', (window) => {
    expect(show(retrieved(turns, window))).toMatchObject({ main: whole(turns), ...NOTHING_ELSE });
  });

  test('goes on there too where it begins with an answer', () => {
    expect(show(retrieved(turns, 4))).toMatchObject({ main: whole(turns), ...NOTHING_ELSE });
  });

  test('is told apart by what follows where questions and answers repeat', () => {
    const again = [
      ['ok', 'Good.'],
      ['ok', 'Good.'],
      ['which lake?', 'Lake Zug.'],
      ['ok', 'Good.'],
      ['thanks', 'Welcome.'],
      ['ok', 'Good.'],
      ['thanks', 'Welcome.'],
      ['bye', 'Bye.'],
    ] as const;
    expect(show(retrieved(again, 5))).toMatchObject({ main: whole(again), ...NOTHING_ELSE });
  });

  test('joins by the longer run where a question was asked bare before', () => {
    const lake = ['u:a lake?', 'a:Zug.'];
    const calls = [
      call(['u:ok'], ['a:Good.']),
      call(['u:ok', 'a:Good.', asked('a lake?')], ['a:Zug.']),
      call(['u:ok', 'a:Good.', ...lake, asked('ok')], ['a:Good.']),
      call([...lake, 'u:ok', 'a:Good.', asked('more?')], ['a:No.']),
      call(['u:ok', 'a:Good.', 'u:more?', 'a:No.', asked('bye')], ['a:Bye.']),
    ];
    const later = [asked('ok'), 'a:Good.', asked('more?'), 'a:No.', asked('bye'), 'a:Bye.'];
    expect(show(calls)).toMatchObject({
      main: ['u:ok', 'a:Good.', asked('a lake?'), 'a:Zug.', ...later],
      ...NOTHING_ELSE,
    });
  });

  test('goes on after a question that was edited', () => {
    const calls = [
      ...retrieved(turns, 5),
      call(
        ['s:help', 'u:three?', 'a:A three.', 'u:four?', 'a:A four.', asked('six?')],
        ['a:A six.'],
      ),
      call(['s:help', 'u:four?', 'a:A four.', 'u:six?', 'a:A six.', asked('seven?')], ['a:A 7.']),
    ];
    expect(show(calls)).toMatchObject({
      main: [...whole(turns.slice(0, 4)), asked('six?'), 'a:A six.', asked('seven?'), 'a:A 7.'],
      branch: [asked('five?'), 'a:A five.'],
      gaps: [],
      summaries: [],
    });
  });
});

describe('what is no window', () => {
  const before = retrieved([
    ['Where is the lake?', 'In Zug.'],
    ['How deep is it?', 'Very.'],
  ]);

  test('a summary that quotes the question whose answer was kept', () => {
    const summary = 'u:Summary: we talked of this. How deep is it?';
    const calls = [
      ...before,
      call(['s:help', summary, 'a:Very.', asked('And wide?')], ['a:Less.']),
    ];
    expect(show(calls)).toMatchObject({
      main: [
        ...whole([
          ['Where is the lake?', 'In Zug.'],
          ['How deep is it?', 'Very.'],
        ]),
        summary,
        asked('And wide?'),
        'a:Less.',
      ],
      summaries: [summary],
      branch: [],
    });
  });

  test('a short word that stands somewhere in what was retrieved', () => {
    const calls = [
      ...before,
      call(['s:help', 'u:blue', 'a:Very.', asked('And wide?')], ['a:Less.']),
    ];
    expect(show(calls).main).toContain('u:blue');
  });

  test('the same question with another answer', () => {
    const calls = [
      ...before,
      call(['s:help', 'u:How deep is it?', 'a:Flat.', asked('Why?')], ['a:So.']),
    ];
    expect(show(calls).main).toContain('a:Flat.');
  });
});

test('a summary may come before a window that begins with a bare question', () => {
  const turns = ['one', 'two', 'three'].map((at) => [`${at}?`, `A ${at}.`] as const);
  const summary = 'u:Summary: they counted.';
  const history = ['s:help', summary, 'u:three?', 'a:A three.'];
  const calls = [
    ...retrieved(turns),
    call([...history, asked('four?')], ['a:A four.']),
    call([...history, 'u:four?', 'a:A four.', asked('five?')], ['a:A five.']),
  ];
  expect(show(calls)).toMatchObject({
    main: [...whole(turns), summary, asked('four?'), 'a:A four.', asked('five?'), 'a:A five.'],
    branch: [],
    summaries: [summary],
  });
});

test('a window is no altered beginning, though what follows its first messages follows there too', () => {
  const ok = ['u:ok', 'a:Good.'];
  const lake = ['u:which lake?', 'a:Lake Zug.'];
  const calls = [
    call(['u:ok'], ['a:Good.']),
    call([...ok, 'u:ok'], ['a:Good.']),
    call([...ok, ...ok, 'u:which lake?'], ['a:Lake Zug.']),
    call([...ok, ...lake, 'u:ok'], ['a:Good.']),
    call([...lake, ...ok, 'u:thanks'], ['a:Welcome.']),
  ];
  expect(show(calls)).toMatchObject({
    main: [...ok, ...ok, ...lake, ...ok, 'u:thanks', 'a:Welcome.'],
    ...NOTHING_ELSE,
  });
});

describe('a prompt that was cut before its question', () => {
  const CUT = 'u:Answer from the context alone. Trains lea';

  test('shows the question beside it, where a later history tells that alone', () => {
    const calls = [
      call([CUT], ['a:At the lake.']),
      call(['u:Where to swim?', 'a:At the lake.', CUT], ['a:No.']),
      call(['u:Where to swim?', 'a:At the lake.', 'u:Will it rain?', 'a:No.', CUT], ['a:Bye.']),
    ];
    expect(show(calls)).toMatchObject({
      main: [
        `${CUT}+Where to swim?`,
        'a:At the lake.',
        `${CUT}+Will it rain?`,
        'a:No.',
        CUT,
        'a:Bye.',
      ],
      ...NOTHING_ELSE,
    });
  });

  test('is not a question that was asked otherwise and answered otherwise', () => {
    const calls = [
      call(['u:Where to swim?'], ['a:At the lake.']),
      call(['u:When to ski?'], ['a:In winter.']),
      call(['u:When to ski?', 'a:In winter.', 'u:thanks'], ['a:Bye.']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:When to ski?', 'a:In winter.', 'u:thanks', 'a:Bye.'],
      branch: ['u:Where to swim?', 'a:At the lake.'],
    });
  });
});

test('a history may begin with one answer alone, when it is no chance', () => {
  const history = ['u:Where to swim?', 'a:At the lake, by the old boathouse.', 'u:Is it cold?'];
  const calls = [
    call(history.slice(0, 1), history.slice(1, 2)),
    call(history, ['a:A little.']),
    call([...history.slice(1, 2), 'u:Is it deep?'], ['a:No.']),
  ];
  expect(show(calls)).toMatchObject({
    main: [...history.slice(0, 2), 'u:Is it deep?', 'a:No.'],
    branch: ['u:Is it cold?', 'a:A little.'],
    gaps: [],
  });
});
