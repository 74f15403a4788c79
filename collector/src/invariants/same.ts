import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** As `toEqual`, and quick where nothing differs. */
export function expectSame<T>(got: T, expected: T): void {
  if (!isDeepStrictEqual(got, expected)) expect(got).toEqual(expected);
}
