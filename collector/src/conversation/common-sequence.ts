/**
 * The longest sequence that both lists have in common, as pairs of places, in order. What both begin or
 * end with is found at once; the rest costs the product of what is left of both.
 */
export function commonSequence(
  a: readonly (string | undefined)[],
  b: readonly (string | undefined)[],
): readonly (readonly [number, number])[] {
  const isSame = (i: number, j: number): boolean => a[i] !== undefined && a[i] === b[j];
  let start = 0;
  while (start < a.length && start < b.length && isSame(start, start)) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && isSame(endA - 1, endB - 1)) {
    endA -= 1;
    endB -= 1;
  }
  const middle = inMiddle(isSame, start, endA, endB);
  const before = Array.from({ length: start }, (_, index) => [index, index] as const);
  const after = Array.from(
    { length: a.length - endA },
    (_, index) => [endA + index, endB + index] as const,
  );
  return [...before, ...middle, ...after];
}

/** Larger tables are not made: then each item takes the first equal one that is left. */
const MAX_CELLS = 16_000_000;

function inOrder(
  isSame: (i: number, j: number) => boolean,
  start: number,
  endA: number,
  endB: number,
): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let from = start;
  for (let i = start; i < endA; i += 1) {
    for (let j = from; j < endB; j += 1) {
      if (!isSame(i, j)) continue;
      pairs.push([i, j]);
      from = j + 1;
      break;
    }
  }
  return pairs;
}

function inMiddle(
  isSame: (i: number, j: number) => boolean,
  start: number,
  endA: number,
  endB: number,
): readonly (readonly [number, number])[] {
  if ((endA - start) * (endB - start) > MAX_CELLS) return inOrder(isSame, start, endA, endB);
  const width = endB - start + 1;
  /** The longest common sequence of what follows each pair of places. */
  const lengths = new Uint32Array((endA - start + 1) * width);
  const at = (i: number, j: number): number => lengths[(i - start) * width + (j - start)] ?? 0;
  for (let i = endA - 1; i >= start; i -= 1) {
    for (let j = endB - 1; j >= start; j -= 1) {
      lengths[(i - start) * width + (j - start)] = isSame(i, j)
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [start, start]; i < endA && j < endB;) {
    if (isSame(i, j)) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
