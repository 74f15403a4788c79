import type { Message, Part } from '@colloquy/schema';
import { plainOrJson } from './content-rules.js';
import type { ContentRule } from './dialect.js';

/** JSON that holds what writers of numbered attributes leave out: files, thoughts, tool results, instructions. */
const LEFT_OUT =
  /;base64,|"(?:file_id|file_data|data|bytes|base64|tool_result|toolResult|reasoningContent)"|"type": ?"(?:reasoning|thinking)"|"system(?:_?[iI]nstruction)?"\s*:|(?:ToolCallResult|ImageContent|FileContent|DocumentBlock|AudioBlock|VideoBlock)\(/;

/** A message without any words had some that its writer has no name for. */
const leavesOut = (told: readonly Message[], text: string): boolean =>
  LEFT_OUT.test(text) || told.some(({ parts }) => parts.length === 0);

const isSystem = ({ role }: Message): boolean => role === 'system';
const isSpoken = (message: Message): boolean => !isSystem(message);

/** OpenInference hides long media where it numbers messages, keeps the frame of unknown ones, and the role of results. */
const isHidden = (part: Part): boolean =>
  part.type === 'raw' ||
  (part.type === 'tool_call_response' && part.response === null) ||
  (part.type === 'blob' && part.content === '__REDACTED__');

/** What a part says, whatever it is taken for: a tool result may be numbered as words of the user. */
function saying(part: Part): string {
  switch (part.type) {
    case 'tool_call':
      return JSON.stringify([part.name, part.arguments]);
    case 'tool_call_response':
      return typeof part.response === 'string' ? part.response : JSON.stringify(part.response);
    case 'text':
    case 'reasoning':
    case 'blob':
      return part.content;
    default:
      return JSON.stringify(part);
  }
}

/** Thoughts beside words or calls, which may be numbered as messages of their own. */
const countThoughts = (messages: readonly Message[]): number =>
  messages.filter(({ parts }) => parts.length > 1 && parts[0]?.type === 'reasoning').length;

/** True when the whole says all that the numbered messages tell. */
function holds(whole: readonly Message[], told: readonly Message[]): boolean {
  const said = new Set(whole.flatMap(({ parts }) => parts.map(saying)));
  return (
    whole.length + countThoughts(whole) >= told.length &&
    told.every(({ parts }) => parts.every((part) => isHidden(part) || said.has(saying(part))))
  );
}

/**
 * Numbered attributes leave out what their writer has no name for: documents, and in JavaScript
 * the instructions, all tool results but the last, and earlier answers of OpenAI's agents. The raw text beside them is read instead
 * where it holds such and says all that they tell; the instructions may stand elsewhere in it.
 *
 * @param key - the attribute that holds the raw request or response as JSON text
 */
export function completedBy(key: string, side: 'input' | 'output', rule: ContentRule): ContentRule {
  const raw = plainOrJson(key, side);
  return {
    ...rule,
    read: (subject) => {
      const told = rule.read(subject);
      const text = subject.attributes.get(key);
      if (told === undefined || typeof text !== 'string' || !leavesOut(told, text)) return told;
      const whole = raw.read(subject) ?? [];
      const spoken = whole.filter(isSpoken);
      if (!holds(spoken, told.filter(isSpoken))) return told;
      // A response may repeat the instructions of its request.
      if (side === 'output') return spoken;
      return told.some(isSystem) ? [...told.filter(isSystem), ...spoken] : whole;
    },
  };
}
