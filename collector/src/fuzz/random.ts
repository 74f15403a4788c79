/** Numbers from 0 up to 1. */
export type Random = () => number;

/** A whole number from 0 up to `end`. */
export const below = (random: Random, end: number): number => Math.floor(random() * end);

/** @throws RangeError when there is none to choose from */
export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[below(random, list.length)];
  if (chosen === undefined) throw new RangeError('There is nothing to choose from.');
  return chosen;
}

/** Whether something with these odds happens. */
export const oneIn = (random: Random, odds: number): boolean => random() * odds < 1;
