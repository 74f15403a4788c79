import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { call, show } from './testing/calls.js';

describe('history that is sent again', () => {
  test('gives each message once', () => {
    const calls = [
      call(['s:kind', 'u:hello'], ['a:hi']),
      call(['s:kind', 'u:hello', 'a:hi', 'u:bye'], ['a:see you']),
    ];
    expect(show(calls)).toEqual({
      main: ['s:kind', 'u:hello', 'a:hi', 'u:bye', 'a:see you'],
      branch: [],
      side_call: [],
      gaps: [],
      summaries: [],
      turns: [1, 1, 1, 2, 2],
    });
  });

  test('keeps equal messages that follow each other', () => {
    const calls = [
      call(['u:ok'], ['a:one']),
      call(['u:ok', 'a:one', 'u:ok'], ['a:one']),
      call(['u:ok', 'a:one', 'u:ok', 'a:one', 'u:ok', 'u:ok'], ['a:two']),
    ];
    expect(show(calls).main).toEqual(['u:ok', 'a:one', 'u:ok', 'a:one', 'u:ok', 'u:ok', 'a:two']);
  });

  test('joins an answer and its echo, split, merged or cut', () => {
    const split = [
      call(['u:weather'], ['a:let me see+!weather']),
      call(['u:weather', 'a:let me see', 'a:!weather', 't:sun'], ['a:sunny']),
    ];
    const cut = [
      call(['u:weather'], ['a:let me see+!weather']),
      call(['u:weather', 'a:let me see', 't:sun'], ['a:sunny']),
    ];
    const lost = [
      call(['u:weather'], ['a:!weather']),
      call(['u:weather', 'a:', 't:sun'], ['a:sunny']),
    ];
    expect(show(split).main).toEqual(['u:weather', 'a:let me see+!weather', 't:sun', 'a:sunny']);
    expect(show(cut).main).toEqual(['u:weather', 'a:let me see+!weather', 't:sun', 'a:sunny']);
    expect(show(lost).main).toEqual(['u:weather', 'a:!weather', 't:sun', 'a:sunny']);
  });

  test('joins answers whose echoes lost their beginning', () => {
    const calls = [
      call(['u:plan'], ['a:let me see+!weather']),
      call(['u:plan', 'a:!weather', 't:sun'], ['a:and the clock+!time']),
      call(['u:plan', 'a:!weather', 't:sun', 'a:!time', 't:noon'], ['a:go now']),
    ];
    expect(show(calls)).toMatchObject({
      main: [
        'u:plan',
        'a:let me see+!weather',
        't:sun',
        'a:and the clock+!time',
        't:noon',
        'a:go now',
      ],
      branch: [],
      gaps: [],
    });
  });

  test('puts results after the call that asked for them, where the history leaves it out', () => {
    const calls = [
      call(['u:weather'], ['a:!weather']),
      call(['u:weather', 't:sun'], ['a:sunny']),
      call(['u:weather', 't:sun', 'a:sunny', 'u:thanks'], ['a:bye']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:weather', 'a:!weather', 't:sun', 'a:sunny', 'u:thanks', 'a:bye'],
      branch: [],
      gaps: [],
    });
  });

  test('joins where it was cut at its start', () => {
    const calls = [
      call(['u:one'], ['a:1']),
      call(['u:one', 'a:1', 'u:two'], ['a:2']),
      call(['u:two', 'a:2', 'u:three'], ['a:3']),
      call(['u:three', 'a:3', 'u:four'], ['a:4']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:one', 'a:1', 'u:two', 'a:2', 'u:three', 'a:3', 'u:four', 'a:4'],
      gaps: [],
    });
  });
});

describe('history that was cut', () => {
  test('joins behind a first message that is always kept', () => {
    const calls = [
      call(['u:1'], ['a:1']),
      call(['u:1', 'a:1', 'u:2'], ['a:2']),
      call(['u:1', 'u:2', 'a:2', 'u:3'], ['a:3']),
      call(['u:1', 'u:3', 'a:3', 'u:4'], ['a:4']),
    ];
    const main = ['u:1', 'a:1', 'u:2', 'a:2', 'u:3', 'a:3', 'u:4', 'a:4'];
    expect(show(calls)).toMatchObject({ main, branch: [], gaps: [] });
  });

  test('joins at its end by the last answer alone', () => {
    const calls = [
      call(['u:1'], ['a:1']),
      call(['a:1', 'u:2'], ['a:2']),
      call(['a:2', 'u:3'], ['a:3']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:1', 'a:1', 'u:2', 'a:2', 'u:3', 'a:3'],
      gaps: [],
    });
  });
});

describe('calls that do not send their history', () => {
  test('follow each other, marked', () => {
    const calls = [
      call(['u:one'], ['a:1']),
      call(['u:two'], ['a:2']),
      call(['u:one'], ['a:again']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:one', 'a:1', 'u:two', 'a:2', 'u:one', 'a:again'],
      gaps: ['u:two', 'u:one'],
    });
  });

  test('join by the response they continue', () => {
    const calls = [
      call(['u:one'], ['a:1'], { responseId: 'resp_1' }),
      call(['u:two'], ['a:2'], { responseId: 'resp_2', previousResponseId: 'resp_1' }),
    ];
    expect(show(calls)).toMatchObject({ main: ['u:one', 'a:1', 'u:two', 'a:2'], gaps: [] });
  });

  test('say the same words again when they continue a response', () => {
    const calls = [1, 2, 3].map((turn) =>
      call(['u:next'], [`a:${turn}`], {
        responseId: `resp_${turn}`,
        previousResponseId: turn === 1 ? undefined : `resp_${turn - 1}`,
      }),
    );
    expect(show(calls).main).toEqual(['u:next', 'a:1', 'u:next', 'a:2', 'u:next', 'a:3']);
  });
});

describe('what is not the main line', () => {
  test('a failed call that is tried again leaves nothing', () => {
    expect(show([call(['u:one'], []), call(['u:one'], ['a:1'])])).toMatchObject({
      main: ['u:one', 'a:1'],
      branch: [],
    });
  });

  test('an answer that was made again is a branch; the newest is shown', () => {
    const calls = [
      call(['u:one'], ['a:bad']),
      call(['u:one'], ['a:good']),
      call(['u:one', 'a:good', 'u:two'], ['a:2']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:one', 'a:good', 'u:two', 'a:2'],
      branch: ['a:bad'],
    });
  });

  test('an edited message is a branch', () => {
    const calls = [
      call(['u:one'], ['a:1']),
      call(['u:one', 'a:1', 'u:typo'], ['a:?']),
      call(['u:one', 'a:1', 'u:two'], ['a:2']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:one', 'a:1', 'u:two', 'a:2'],
      branch: ['u:typo', 'a:?'],
    });
  });

  test('the first of several choices is shown unless another is continued', () => {
    const choices = call(['u:one'], ['a:first', 'a:second'], { outputIsChoices: true });
    expect(show([choices])).toMatchObject({ main: ['u:one', 'a:first'], branch: ['a:second'] });
    const next = call(['u:one', 'a:second', 'u:two'], ['a:2']);
    expect(show([choices, next])).toMatchObject({
      main: ['u:one', 'a:second', 'u:two', 'a:2'],
      branch: ['a:first'],
    });
  });

  test('a title or a classifier call hangs on its turn', () => {
    const trace = { traceId: 'same' };
    const calls = [
      call(['s:classify', 'u:where is my parcel'], ['a:shipping'], trace),
      call(['s:help', 'u:where is my parcel'], ['a:on its way'], trace),
      call(['s:make a title', 'u:Title for: where is my parcel'], ['a:Parcel'], trace),
      call(['s:help', 'u:where is my parcel', 'a:on its way', 'u:thanks'], ['a:welcome']),
    ];
    expect(show(calls).main).toEqual([
      's:help',
      'u:where is my parcel',
      'a:on its way',
      'u:thanks',
      'a:welcome',
    ]);
    expect(show(calls).side_call).toEqual(expect.arrayContaining(['a:shipping', 'a:Parcel']));
  });
});

test('follow-up suggestions stay aside in every turn', () => {
  const history: string[] = ['s:help'];
  const calls = [1, 2, 3].flatMap((turn) => {
    history.push(`u:question number ${turn}`);
    const answer = call(history, [`a:answer ${turn}`]);
    history.push(`a:answer ${turn}`);
    return [answer, call(['s:suggest', `u:Suggest: question number ${turn}`], [`a:idea ${turn}`])];
  });
  expect(show(calls).main).toEqual(history);
  expect(show(calls).side_call).toContain('a:idea 3');
});

test('a classifier that runs before each answer stays aside', () => {
  const calls = [
    call(['s:classify', 'u:my bill is wrong'], ['a:billing'], { traceId: 'one' }),
    call(['s:help', 'u:my bill is wrong'], ['a:let me look'], { traceId: 'one' }),
    call(['s:classify', 'u:my bill is wrong', 'a:let me look', 'u:thanks'], ['a:smalltalk'], {
      traceId: 'two',
    }),
    call(['s:help', 'u:my bill is wrong', 'a:let me look', 'u:thanks'], ['a:welcome'], {
      traceId: 'two',
    }),
  ];
  expect(show(calls).main).toEqual([
    's:help',
    'u:my bill is wrong',
    'a:let me look',
    'u:thanks',
    'a:welcome',
  ]);
});

test('a changed system prompt stands where it changed', () => {
  const calls = [
    call(['s:kind', 'u:one'], ['a:1']),
    call(['s:strict', 'u:one', 'a:1', 'u:two'], ['a:2']),
    call(['s:strict', 'u:one', 'a:1', 'u:two', 'a:2', 'u:three'], ['a:3']),
  ];
  expect(show(calls)).toMatchObject({
    main: ['s:kind', 'u:one', 'a:1', 's:strict', 'u:two', 'a:2', 'u:three', 'a:3'],
    turns: [1, 1, 1, 2, 2, 2, 3, 3],
  });
});

test('any script that re-sends its history comes back as it was, in any order of arrival', () => {
  const words = fc.constantFrom('ok', 'yes', 'tell me more', 'ok ');
  const script = fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      script,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (turns, random) => {
        const line: string[] = ['s:kind'];
        const calls = turns.map(([question, answer]) => {
          line.push(`u:${question}`);
          const made = call(line, [`a:${answer}`]);
          line.push(`a:${answer}`);
          return made;
        });
        const shuffled = calls
          .map((one) => [random.next().value, one] as const)
          .toSorted(([a], [b]) => a - b);
        expect(show(shuffled.map(([, one]) => one)).main.map((one) => one.trim())).toEqual(
          line.map((one) => one.trim()),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('several calls of one span follow each other', () => {
  const span = { spanId: 'agent', startTimeUnixNano: 1n, endTimeUnixNano: 9n };
  const calls = [
    call(['s:kind', 'u:1'], ['a:!look'], span),
    call(['s:kind', 'u:1', 'a:!look', 't:seen'], ['a:1'], { ...span, sequence: 1 }),
  ];
  expect(show(calls.toReversed())).toMatchObject({
    main: ['s:kind', 'u:1', 'a:!look', 't:seen', 'a:1'],
    branch: [],
    gaps: [],
  });
});
