/** The same sentence is passed on this often at the most. */
const REPEAT_MS = 30_000;

/**
 * Passes sentences on, but one that was just said only after a while: many requests may fail of one
 * cause, again and again.
 *
 * @param now - milliseconds
 */
export function seldom(
  say: (message: string) => void,
  now: () => number,
): (message: string) => void {
  let last = '';
  let saidAt = Number.NEGATIVE_INFINITY;
  return (message) => {
    if (message === last && now() - saidAt < REPEAT_MS) return;
    last = message;
    saidAt = now();
    say(message);
  };
}
