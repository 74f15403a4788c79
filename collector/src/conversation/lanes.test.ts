import { describe, expect, test } from 'vitest';
import { call, show } from './testing/calls.js';

const dated = (day: string): string => `s:You are a helpful assistant. Today is ${day}.`;

describe('a first message that was edited', () => {
  test.each([
    ['with one prompt', ['s:help', 's:help', 's:help', 's:help']],
    ['with a date in the prompt', ['Monday', 'Tuesday', 'Friday', 'Sunday'].map(dated)],
    ['with a prompt of its own for each call', ['s:one', 's:two', 's:three', 's:four']],
    ['without a prompt', [undefined, undefined, undefined, undefined]],
  ])('is a branch, the newest shown: %s', (_, prompts) => {
    const [first, second, third, fourth] = prompts.map((one) => (one === undefined ? [] : [one]));
    const calls = [
      call([...(first ?? []), 'u:where is it'], ['a:here']),
      call([...(second ?? []), 'u:where is it', 'a:here', 'u:thanks'], ['a:welcome']),
      call([...(third ?? []), 'u:where was that'], ['a:there']),
    ];
    const spoken = (list: readonly string[]): readonly string[] =>
      list.filter((line) => !line.startsWith('s:'));
    const edited = show(calls);
    expect(spoken(edited.main)).toEqual(['u:where was that', 'a:there']);
    expect(edited.branch).toEqual(['u:where is it', 'a:here', 'u:thanks', 'a:welcome']);
    expect(edited.side_call).toEqual([]);
    expect(edited.gaps).toEqual([]);
    const goneOn = show([
      ...calls,
      call([...(fourth ?? []), 'u:where was that', 'a:there', 'u:ok'], ['a:bye']),
    ]);
    expect(spoken(goneOn.main)).toEqual(['u:where was that', 'a:there', 'u:ok', 'a:bye']);
    expect(goneOn.branch).toEqual(edited.branch);
  });

  test('is known as such before any history was sent', () => {
    const calls = [
      call(['s:help', 'u:where is it'], ['a:here']),
      call(['s:help', 'u:where was that'], ['a:there']),
      call(['s:help', 'u:where was that', 'a:there', 'u:ok'], ['a:bye']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['s:help', 'u:where was that', 'a:there', 'u:ok', 'a:bye'],
      branch: ['u:where is it', 'a:here'],
    });
  });
});

test("a title that an agent of CrewAI gives has instructions of its own within everyone's wording", () => {
  const agent = (words: string): string =>
    `s:You are Assistant. ${words}\nYour personal goal is: help the user`;
  const task = (words: string): string =>
    `u:\nCurrent Task: ${words}\n\nProvide your complete response:`;
  const [guide, titles] = [agent('Be brief.'), agent('Give a title of at most five words.')];
  const trace = { traceId: 'first' };
  const calls = [
    call([guide, task('where is it')], ['a:here'], trace),
    call([titles, task('where is it')], ['a:a place'], trace),
    call([guide, 'u:where is it', 'a:here', task('thanks')], ['a:welcome']),
  ];
  expect(show(calls)).toMatchObject({
    main: [guide, task('where is it'), 'a:here', task('thanks'), 'a:welcome'],
    side_call: [titles, task('where is it'), 'a:a place'],
    branch: [],
  });
});

test('a judge in a trace of its own is no edited message', () => {
  const calls = [
    call(['s:help', 'u:where is it'], ['a:here']),
    call(['s:judge', 'u:Rate this talk.'], ['a:good']),
    call(['s:help', 'u:where is it', 'a:here', 'u:thanks'], ['a:welcome']),
    call(['s:judge', 'u:Rate that talk.'], ['a:fine']),
  ];
  expect(show(calls)).toMatchObject({
    main: ['s:help', 'u:where is it', 'a:here', 'u:thanks', 'a:welcome'],
    branch: [],
    gaps: [],
  });
});

describe('a sub-agent', () => {
  const trace = { traceId: 'same' };
  const asked = (...prompt: readonly string[]) => [
    call([...prompt, 'u:who built it'], ['a:!ask'], trace),
    call([...prompt, 'u:who built it', 'a:!ask', 't:the city'], ['a:the city did'], trace),
  ];
  const next = (...prompt: readonly string[]) =>
    call([...prompt, 'u:who built it', 'a:!ask', 't:the city', 'a:the city did', 'u:ok'], ['a:!']);
  const main = ['u:who built it', 'a:!ask', 't:the city', 'a:the city did', 'u:ok', 'a:!'];

  test.each([
    ['with instructions', ['s:find out'], { traceId: 'same' }],
    ['with a name', [], { traceId: 'same', agentName: 'historian' }],
    ['with neither, below the tool', [], { traceId: 'same', nesting: 'tool' as const }],
    ['with neither, below another agent', [], { traceId: 'same', nesting: 'agent' as const }],
  ])('is aside in the turn it served: %s', (_, prompt, more) => {
    const [first, second] = asked('s:help');
    const sub = [
      call([...prompt, 'u:who built it'], ['a:!search'], more),
      call([...prompt, 'u:who built it', 'a:!search', 't:1333'], ['a:the city'], more),
    ];
    if (first === undefined || second === undefined) throw new Error('no calls');
    const shown = show([first, second, ...sub, next('s:help')]);
    expect(shown.main).toEqual(['s:help', ...main]);
    expect(shown.side_call).toEqual([
      ...prompt,
      'u:who built it',
      'a:!search',
      't:1333',
      'a:the city',
    ]);
    expect(shown.branch).toEqual([]);
    const early = sub.map((one, index) => ({ ...one, startTimeUnixNano: BigInt(index) }));
    expect(show([...early, first, second, next('s:help')])).toEqual(shown);
  });
});

describe('a hand-off', () => {
  const start = ['s:travel', 'u:book it'];
  const told = ['u:book it', 'a:!transfer', 't:done'];

  test.each([
    ['by another prompt', {}],
    ['by another agent', { agentName: 'booking' }],
    ['by an agent that runs within the first', { agentName: 'booking', nesting: 'agent' as const }],
  ])('stays on the main line: %s', (_, more) => {
    const calls = [
      call(start, ['a:!transfer'], { traceId: 'same', agentName: 'travel' }),
      call(['s:booking', ...told], ['a:booked'], { traceId: 'same', agentName: 'travel', ...more }),
    ];
    const main = ['s:travel', 'u:book it', 'a:!transfer', 't:done', 's:booking', 'a:booked'];
    expect(show(calls)).toMatchObject({ main, side_call: [], branch: [] });
    const next = call(['s:booking', ...told, 'a:booked', 'u:window'], ['a:seat 41'], more);
    expect(show([...calls, next])).toMatchObject({
      main: [...main, 'u:window', 'a:seat 41'],
      side_call: [],
      branch: [],
    });
  });

  test('from one writer to the next needs no tool', () => {
    const calls = [
      call(['s:write', 'u:a poem'], ['a:roses'], { traceId: 'same', agentName: 'writer' }),
      call(['s:review', 'u:a poem', 'a:roses'], ['a:fine'], {
        traceId: 'same',
        agentName: 'reviewer',
      }),
    ];
    expect(show(calls)).toMatchObject({
      main: ['s:write', 'u:a poem', 'a:roses', 's:review', 'a:fine'],
      side_call: [],
    });
  });
});
