import { expect, vi } from 'vitest';

/** Resolves once all that a collector has accepted is found by queries. */
export async function settled(httpUrl: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const response = await fetch(`${httpUrl}/api/v1/status`);
      expect(await response.json()).toMatchObject({ waiting: 0 });
    },
    { timeout: 20_000, interval: 25 },
  );
}
