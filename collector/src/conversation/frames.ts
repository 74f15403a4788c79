/** What frameworks put around a question while it is the current one, and leave out when they send it again. */
const FRAMES: readonly RegExp[] = [
  // CrewAI
  /^\n?Current Task: ([^]*?)(?:\n\nProvide your complete response:|\n\nBegin! This is VERY important to you, [^]*)?$/,
];

/** The words inside such a frame, for comparison; other text as it is. */
export const unframed = (text: string): string =>
  FRAMES.map((frame) => frame.exec(text)?.[1]).find((inner) => inner !== undefined) ?? text;

/** CrewAI's wording of instructions: a role, what the agent knows, and its goal. */
const ROLE = 'You are ';
const GOAL = '\nYour personal goal is: ';

/** Whom instructions are for and what they say, without the wording that all agents of a framework share. */
export function unframedInstructions(text: string): {
  readonly role: string;
  readonly words: string;
} {
  const [roleEnd, end] = [text.indexOf('. '), text.lastIndexOf(GOAL)];
  const words = text.startsWith(ROLE) && roleEnd !== -1 ? text.slice(roleEnd + 2, end).trim() : '';
  return end <= roleEnd || words === ''
    ? { role: '', words: text }
    : { role: text.slice(ROLE.length, roleEnd), words };
}
