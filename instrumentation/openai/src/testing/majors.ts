import OpenAI from 'openai';
import OpenAI4 from 'openai4';
import OpenAI5 from 'openai5';

/** Asks for a newer Node than we do, and may one day not run on ours. */
async function loadSeven(): Promise<unknown> {
  try {
    return (await import('openai7')).default;
  } catch (error) {
    console.warn(`openai 7 is not tested: ${String(error)}`);
    return undefined;
  }
}

const CLASSES: Readonly<Record<string, unknown>> = {
  4: OpenAI4,
  5: OpenAI5,
  6: OpenAI,
  7: await loadSeven(),
};

/** The SDK in all majors that run here, with the types of one. */
export const MAJORS = Object.entries(CLASSES).flatMap(
  ([major, Client]): readonly (readonly [string, typeof OpenAI])[] =>
    Client === undefined ? [] : [[major, Client as typeof OpenAI]],
);
