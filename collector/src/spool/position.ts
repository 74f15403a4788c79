/** A place in the spool: a byte of a segment. */
export interface Position {
  /** Number of the segment, from 1. */
  readonly segment: number;
  /** Bytes from the start of its file. */
  readonly offset: number;
}

/** Negative where `a` comes before `b`. */
export const comparePositions = (a: Position, b: Position): number =>
  a.segment - b.segment || a.offset - b.offset;
