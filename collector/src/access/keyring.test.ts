import { describe, expect, test, vi } from 'vitest';
import type { AccessRecords } from './access-key.js';
import { Keyring } from './keyring.js';

const NOTHING: AccessRecords = { keys: [], projects: [] };

interface Setup {
  readonly read: (signal: AbortSignal) => Promise<AccessRecords>;
  readonly keep?: (records: AccessRecords) => Promise<void>;
}

function open({ read, keep = () => Promise.resolve() }: Setup) {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  let now = 0;
  const keyring = new Keyring({ read, keep, ownKeys: [], now: () => now, onError }, undefined);
  return {
    keyring,
    errors,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const measure = async (work: Promise<void>): Promise<number> => {
  const since = performance.now();
  await work;
  return performance.now() - since;
};

describe('a keyring', () => {
  test('asks for keys while it is not known whether there are any', async () => {
    const { keyring } = open({ read: () => Promise.resolve(NOTHING) });
    expect(keyring.isLocked).toBe(true);
    await keyring.refresh();
    expect(keyring.isLocked).toBe(false);
  });

  test('looks once a second, however many ask', async () => {
    const read = vi.fn<Setup['read']>(() => Promise.resolve(NOTHING));
    const { keyring, pass } = open({ read });
    await Promise.all(Array.from({ length: 50 }, () => keyring.refresh()));
    expect(read).toHaveBeenCalledTimes(1);
    pass(999);
    await keyring.refresh();
    expect(read).toHaveBeenCalledTimes(1);
    pass(1);
    await keyring.refresh();
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('lets requests wait for a slow store once, and for a short time', async () => {
    const { keyring } = open({ read: () => new Promise(() => undefined) });
    expect(await measure(keyring.refresh())).toBeLessThan(2_000);
    expect(await measure(keyring.refresh())).toBeLessThan(100);
    keyring.stop();
  });

  test('goes on looking by itself after a failure', async () => {
    const read = vi.fn<Setup['read']>().mockRejectedValueOnce(new Error('away'));
    read.mockResolvedValue(NOTHING);
    const { keyring } = open({ read });
    await keyring.refresh();
    expect(keyring.isLocked).toBe(true);
    await vi.waitUntil(() => !keyring.isLocked, 5_000);
    expect(read).toHaveBeenCalledTimes(2);
    keyring.stop();
  });

  test('tells once that what is known cannot be kept', async () => {
    const keep = vi.fn<NonNullable<Setup['keep']>>().mockRejectedValue(new Error('disk full'));
    const { keyring, errors } = open({ read: () => Promise.resolve(NOTHING), keep });
    await keyring.reload();
    await keyring.reload();
    expect(errors).toHaveLength(1);
    expect(keyring.isKnown).toBe(true);
  });
});
