/** Something that has a time, in nanoseconds since 1970. */
interface Timed {
  readonly at: bigint;
}

/** Earlier first; what is of one time keeps its order. */
export const byTime = (a: Timed, b: Timed): number => (a.at < b.at ? -1 : Number(a.at > b.at));
