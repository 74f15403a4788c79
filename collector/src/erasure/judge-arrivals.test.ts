import { describe, expect, test } from 'vitest';
import { judgeArrivals, wantedMarks, type Arrival, type Mark } from './judge-arrivals.js';
import { markOf, NO_MARK, type MarkKind } from './subject.js';

const arrival = (item: string, more: Partial<Arrival<string>> = {}): Arrival<string> => ({
  item,
  traceKey: 't1',
  startedAt: 100,
  userId: undefined,
  candidates: [],
  messageIds: [],
  ...more,
});

const mark = (kind: MarkKind, id: string, more: Partial<Mark> = {}): Mark => ({
  mark: markOf('p', kind, id),
  userMark: NO_MARK,
  erasedAt: 1_000,
  erasureId: 'e1',
  ...more,
});

const named = (threadId: string, rank = 1) => ({ threadId, key: 'session.id', rank });

const erasedOf = (
  arrivals: readonly Arrival<string>[],
  marks: readonly Mark[],
): readonly string[] => judgeArrivals('p', arrivals, marks).erased.map(({ item }) => item);

describe('what arrives late', () => {
  test('is erased with its thread when it had begun by then, and not when it begins after', () => {
    const old = arrival('old', { candidates: [named('a')] });
    const fresh = arrival('new', { candidates: [named('a')], startedAt: 1_000 });
    expect(erasedOf([old, fresh], [mark('thread', 'a')])).toEqual(['old']);
  });

  test('takes the rest of its trace along, which names nothing', () => {
    const arrivals = [arrival('child'), arrival('root', { candidates: [named('a')] })];
    const { erased, traces } = judgeArrivals('p', arrivals, [mark('thread', 'a')]);
    expect(erased.map(({ item }) => item)).toEqual(['child', 'root']);
    expect(traces).toEqual([
      { traceKey: 't1', userId: undefined, erasedAt: 1_000, erasureId: 'e1' },
    ]);
  });

  test('is known by its trace alone, once that is marked', () => {
    const { erased, traces } = judgeArrivals('p', [arrival('child')], [mark('trace', 't1')]);
    expect(erased.map(({ item }) => item)).toEqual(['child']);
    expect(traces).toEqual([]);
  });

  test('belongs to the better of two threads', () => {
    const both = arrival('both', { candidates: [named('a', 5), named('b', 1)] });
    expect(erasedOf([both], [mark('thread', 'a')])).toEqual([]);
    expect(erasedOf([both], [mark('thread', 'b')])).toEqual(['both']);
  });

  test('of a user leaves the spans of others in the same trace', () => {
    const arrivals = [
      arrival('own', { userId: 'u' }),
      arrival('other', { userId: 'v' }),
      arrival('nobody'),
    ];
    expect(erasedOf(arrivals, [mark('user', 'u')])).toEqual(['own']);
    expect(
      erasedOf(
        [arrivals[0], arrivals[2]].flatMap((one) => one ?? []),
        [mark('user', 'u')],
      ),
    ).toEqual(['own', 'nobody']);
  });

  test('that names an erased message and no thread goes with it', () => {
    const judgement = arrival('judgement', { messageIds: ['m'] });
    const elsewhere = { ...judgement, item: 'elsewhere', traceKey: 't2', candidates: [named('b')] };
    expect(erasedOf([judgement, elsewhere], [mark('message', 'm')])).toEqual(['judgement']);
  });

  test('of an erased project goes whatever it names', () => {
    expect(erasedOf([arrival('any', { traceKey: '' })], [mark('project', 'p')])).toEqual(['any']);
  });

  test('asks for every mark that could decide', () => {
    const one = arrival('x', { userId: 'u', candidates: [named('a')], messageIds: ['m'] });
    const wanted = wantedMarks('p', [one]);
    const kinds = [
      ['project', 'p'],
      ['trace', 't1'],
      ['user', 'u'],
      ['thread', 'a'],
      ['message', 'm'],
    ] as const;
    expect(wanted).toEqual(new Set(kinds.map(([kind, id]) => markOf('p', kind, id))));
  });
});
