import type { TrackedMessage } from './tracked.js';

/** What was given up for an edited question or a regenerated answer. */
export interface TrackedBranch {
  /** The message that was said before; `undefined` at the start. */
  readonly after: TrackedMessage | undefined;
  readonly messages: readonly TrackedMessage[];
}

/** Tracked messages as they stand now, and what was given up, oldest first. */
export interface TrackedLines {
  readonly main: readonly TrackedMessage[];
  readonly branches: readonly TrackedBranch[];
}

/** Where in a line a message goes that names another; the end where that is not there. */
function placeOf(line: readonly TrackedMessage[], { replaces, follows }: TrackedMessage): number {
  const find = (id: string | undefined): number =>
    id === undefined ? -1 : line.findLastIndex(({ trackedId }) => trackedId === id);
  const replaced = find(replaces);
  if (replaced !== -1) return replaced;
  const before = find(follows);
  return before === -1 ? line.length : before + 1;
}

/**
 * An edited question or a regenerated answer stands in place of the one before, and of all that was
 * said after that. @param tracked - in the order of their times
 */
export function splitLines(tracked: readonly TrackedMessage[]): TrackedLines {
  const main: TrackedMessage[] = [];
  const branches: TrackedBranch[] = [];
  for (const message of tracked) {
    const messages = main.splice(placeOf(main, message));
    if (messages.length > 0) branches.push({ after: main.at(-1), messages });
    main.push(message);
  }
  return { main, branches };
}
