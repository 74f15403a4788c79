/** What frameworks put around a question while it is the current one, and leave out when they send it again. */
const FRAMES: readonly RegExp[] = [
  // CrewAI
  /^\n?Current Task: ([^]*?)(?:\n\nProvide your complete response:|\n\nBegin! This is VERY important to you, [^]*)?$/,
  // DSPy before 3.4, where the reminder goes with the last question alone
  /^(\[\[ ## [^]*?)\n\nRespond with the corresponding output fields, starting with the field [^]*`\[\[ ## completed ## \]\]`\.$/,
];

/** The words inside such a frame, for comparison; other text as it is. */
export const unframed = (text: string): string =>
  FRAMES.map((frame) => frame.exec(text)?.[1]).find((inner) => inner !== undefined) ?? text;

/** Whom instructions are for and what they say. */
interface Instructions {
  readonly role: string;
  readonly words: string;
}

/** CrewAI's wording of instructions: a role, what the agent knows, and its goal. */
const ROLE = 'You are ';
const GOAL = '\nYour personal goal is: ';

function ofCrewAi(text: string): Instructions | undefined {
  const [roleEnd, end] = [text.indexOf('. '), text.lastIndexOf(GOAL)];
  const words = text.startsWith(ROLE) && roleEnd !== -1 ? text.slice(roleEnd + 2, end).trim() : '';
  return end <= roleEnd || words === ''
    ? undefined
    : { role: text.slice(ROLE.length, roleEnd), words };
}

/** DSPy's: the fields of a signature, which are a role of its own, then its objective. */
const FIELDS = 'Your input fields are:\n';
const OBJECTIVE = '\nIn adhering to this structure, your objective is:';

function ofDsPy(text: string): Instructions | undefined {
  const end = text.indexOf(OBJECTIVE);
  const words = text.slice(end + OBJECTIVE.length).trim();
  return !text.startsWith(FIELDS) || end === -1 || words === ''
    ? undefined
    : { role: text.slice(0, end), words };
}

/** The same without the wording that all agents of a framework share. */
export const unframedInstructions = (text: string): Instructions =>
  ofCrewAi(text) ?? ofDsPy(text) ?? { role: '', words: text };
