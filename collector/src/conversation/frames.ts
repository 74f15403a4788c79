/** What frameworks put around a question while it is the current one, and leave out when they send it again. */
const FRAMES: readonly RegExp[] = [
  // CrewAI
  /^\n?Current Task: ([^]*?)(?:\n\nProvide your complete response:|\n\nBegin! This is VERY important to you, [^]*)?$/,
];

/** The words inside such a frame, for comparison; other text as it is. */
export const unframed = (text: string): string =>
  FRAMES.map((frame) => frame.exec(text)?.[1]).find((inner) => inner !== undefined) ?? text;
