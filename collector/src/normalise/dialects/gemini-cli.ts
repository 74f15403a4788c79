import type { Message, Part } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { attribute } from '../content-rules.js';

const SCOPE = /^gemini-cli$/;
const INPUT = 'gen_ai.input.messages';
const OUTPUT = 'gen_ai.output.messages';

/** Text that came in pieces is one text. */
function joinTexts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = { type: 'text', content: last.content + part.content };
    else joined.push(part);
  }
  return joined;
}

/** Each chunk of the stream is told as a message of its own, in logs even with the role "system". */
const joined = ({ read, ...rule }: ContentRule): ContentRule => ({
  ...rule,
  read: (subject) => {
    const messages: readonly Message[] = SCOPE.test(subject.scopeName) ? (read(subject) ?? []) : [];
    if (messages.length === 0) return undefined;
    return [{ role: 'assistant', parts: joinTexts(messages.flatMap(({ parts }) => parts)) }];
  },
});

/** Log records call the model "system"; what the system says stands apart. */
const spoken = ({ read, ...rule }: ContentRule): ContentRule => ({
  ...rule,
  read: (subject) =>
    SCOPE.test(subject.scopeName)
      ? read(subject)?.map((message) =>
          message.role === 'system' ? { ...message, role: 'assistant' } : message,
        )
      : undefined,
});

/**
 * Gemini CLI: OTel attributes on spans (`telemetry.traces`) and in log records, with habits of its own.
 * @see https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/telemetry.md
 */
export const geminiCli: Dialect = {
  name: 'gemini-cli',
  marks: [],
  scopes: [SCOPE],
  names: [[/^llm_call$/, 'llm']],
  input: [spoken(attribute('messages', INPUT, 'input'))],
  output: [joined(attribute('messages', OUTPUT, 'output'))],
};
