import { describe, expect, test } from 'vitest';
import { call, show } from './testing/calls.js';

const R = '__REDACTED__';

describe('placeholders for content that was taken out', () => {
  test('stand for as many messages as were sent, however often', () => {
    const calls = [
      call([`u:${R}`], [`a:${R}`]),
      call([`u:${R}`, `a:${R}`, `u:${R}`], [`a:${R}`]),
      call([`u:${R}`, `a:${R}`, `u:${R}`, `a:${R}`, `u:${R}`], [`a:${R}`]),
    ];
    expect(show(calls)).toMatchObject({
      main: Array.from({ length: 3 }, () => [`u:${R}`, `a:${R}`]).flat(),
      branch: [],
      side_call: [],
      gaps: [],
      turns: [1, 1, 2, 2, 3, 3],
    });
  });

  test('are each a turn where no history is sent', () => {
    const calls = [1, 2, 3].map(() => call([`u:${R}`], [`a:${R}`]));
    expect(show(calls)).toMatchObject({ turns: [1, 1, 2, 2, 3, 3], branch: [] });
  });

  test('are each a turn where nothing is known but what was sent', () => {
    expect(show([1, 2, 3].map(() => call(['u:{}'], []))).turns).toEqual([1, 2, 3]);
  });

  test('are said once where a history that was cut is sent', () => {
    const calls = [
      call([`u:${R}`], [`a:${R}`]),
      call([`u:${R}`, `a:${R}`, `u:${R}`], [`a:${R}`]),
      call([`u:${R}`, `a:${R}`, `u:${R}`], [`a:${R}`]),
      call([`a:${R}`, `u:${R}`], [`a:${R}`]),
    ];
    expect(show(calls)).toMatchObject({ turns: [1, 1, 2, 2, 3, 3, 4, 4], branch: [], gaps: [] });
  });

  test('go with the tool calls between them', () => {
    const calls = [
      call([`u:${R}`], ['a:!weather'], { traceId: 'one' }),
      call([`u:${R}`, 'a:!weather', `t:${R}`], [`a:${R}`], { traceId: 'one' }),
      call([`u:${R}`, 'a:!weather', `t:${R}`, `a:${R}`, `u:${R}`], ['a:'], { traceId: 'two' }),
    ];
    expect(show(calls)).toMatchObject({
      main: [`u:${R}`, 'a:!weather', `t:${R}`, `a:${R}`, `u:${R}`, 'a:'],
      branch: [],
    });
  });

  test('of a call that is tried again are not said again', () => {
    const trace = { traceId: 'same' };
    expect(show([call([`u:${R}`], [], trace), call([`u:${R}`], [`a:${R}`], trace)])).toMatchObject({
      main: [`u:${R}`, `a:${R}`],
    });
  });

  test('give way to the content where another call shows it', () => {
    const calls = [
      call(['u:hello'], [`a:${R}`]),
      call([`u:${R}`, 'a:hi', 'u:bye'], [`a:${R}`]),
      call(['u:hello', 'a:hi', 'u:bye', `a:${R}`, 'u:one more thing'], ['a:yes?']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:hello', 'a:hi', 'u:bye', `a:${R}`, 'u:one more thing', 'a:yes?'],
      branch: [],
      gaps: [],
    });
  });

  test('are no proof that two answers are one', () => {
    const calls = [
      call(['u:hello'], [`a:${R}`]),
      call(['u:hello'], [`a:${R}`]),
      call(['u:hello', `a:${R}`, 'u:bye'], ['a:bye']),
    ];
    expect(show(calls)).toMatchObject({
      main: ['u:hello', `a:${R}`, 'u:bye', 'a:bye'],
      branch: [`a:${R}`],
    });
  });
});
