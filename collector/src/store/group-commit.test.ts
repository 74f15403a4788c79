import { describe, expect, test } from 'vitest';
import { GroupCommit } from './group-commit.js';

/** A write that ends when told to. */
function createGate(): {
  readonly writes: (readonly string[])[];
  readonly write: (items: readonly string[]) => Promise<readonly string[]>;
  release(error?: Error): void;
} {
  const writes: (readonly string[])[] = [];
  const open: ((error?: Error) => void)[] = [];
  return {
    writes,
    write: (items) => {
      writes.push(items);
      return new Promise((resolve, reject) =>
        open.push((error) => (error === undefined ? resolve(items) : reject(error))),
      );
    },
    release: (error) => open.shift()?.(error),
  };
}

describe('GroupCommit', () => {
  test('writes together what arrives while a write is under way', async () => {
    const gate = createGate();
    const commit = new GroupCommit<string, string>({
      write: gate.write,
      maxWeight: 10,
      maxWaiting: 100,
      intervalMs: 0,
    });
    const all = [commit.add('a', 1), commit.add('b', 1), commit.add('c', 1)];
    gate.release();
    await all[0];
    gate.release();
    await Promise.all(all);
    expect(gate.writes).toEqual([['a'], ['b', 'c']]);
  });

  test('keeps a write below its weight, but lets one heavy item through', async () => {
    const gate = createGate();
    const commit = new GroupCommit<string, string>({
      write: gate.write,
      maxWeight: 2,
      maxWaiting: 100,
      intervalMs: 0,
    });
    const all = ['a', 'b', 'c'].map((item) => commit.add(item, item === 'b' ? 9 : 1));
    for (const one of all) {
      gate.release();
      await one;
    }
    expect(gate.writes).toEqual([['a'], ['b'], ['c']]);
  });

  test('refuses with QUEUE_FULL what does not fit, and takes it when there is room again', async () => {
    const gate = createGate();
    const commit = new GroupCommit<string, string>({
      write: gate.write,
      maxWeight: 2,
      maxWaiting: 2,
      intervalMs: 0,
    });
    const first = commit.add('a', 2);
    await expect(commit.add('b', 1)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    gate.release();
    await first;
    const second = commit.add('b', 1);
    gate.release();
    await second;
    expect(gate.writes).toEqual([['a'], ['b']]);
  });

  test('fails all items of a failed write and goes on with the next', async () => {
    const gate = createGate();
    const commit = new GroupCommit<string, string>({
      write: gate.write,
      maxWeight: 10,
      maxWaiting: 100,
      intervalMs: 0,
    });
    const first = commit.add('a', 1);
    const second = commit.add('b', 1);
    gate.release(new Error('disk'));
    await expect(first).rejects.toThrow('disk');
    gate.release();
    await expect(second).resolves.toBe('b');
    await commit.drain();
  });
});
