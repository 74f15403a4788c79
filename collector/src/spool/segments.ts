import type { Position } from './position.js';

/** What a reader has to know of a spool: which segments there are, and how far they are written. */
export interface Segments {
  readonly folder: string;
  /** How many bytes of a segment can be read; `undefined` when there is no such segment. */
  limitOf(segment: number): number | undefined;
  /** The segment after this one, where there is one. */
  nextSegment(segment: number): number | undefined;
  /** Resolves once there is more than up to `position`. @throws AbortError */
  waitBeyond(position: Position, signal: AbortSignal): Promise<void>;
}

/** The least number above another. */
export function numberAfter(numbers: Iterable<number>, than: number): number | undefined {
  let least: number | undefined;
  for (const number of numbers)
    if (number > than && (least === undefined || number < least)) least = number;
  return least;
}
