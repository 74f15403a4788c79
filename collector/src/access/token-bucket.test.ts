import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.js';

const rate = fc.double({ min: 0.01, max: 10_000, noNaN: true });
const pauses = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { maxLength: 200 });

test('lets through no more than five seconds’ worth and what each second adds', () => {
  fc.assert(
    fc.property(rate, pauses, (perSecond, gaps) => {
      const bucket = new TokenBucket(perSecond, 0);
      let now = 0;
      let taken = 0;
      for (const gap of gaps) {
        now += gap;
        if (bucket.waitMs(1, now) > 0) continue;
        bucket.take(1, now);
        taken += 1;
      }
      const most = Math.max(1, perSecond * 5) + (perSecond * now) / 1_000;
      expect(taken).toBeLessThanOrEqual(most + 1e-6);
    }),
  );
});

test('lets through when the time that it tells has passed', () => {
  fc.assert(
    fc.property(rate, fc.double({ min: 1, max: 100_000, noNaN: true }), (perSecond, amount) => {
      const bucket = new TokenBucket(perSecond, 0);
      bucket.take(amount, 0);
      const waitMs = bucket.waitMs(1, 0);
      expect(bucket.waitMs(1, waitMs * (1 + 1e-9) + 1)).toBe(0);
    }),
  );
});

test('a clock that is set back gives nothing and takes nothing', () => {
  const bucket = new TokenBucket(1, 10_000);
  bucket.take(5, 10_000);
  expect(bucket.waitMs(1, 0)).toBe(1_000);
});
