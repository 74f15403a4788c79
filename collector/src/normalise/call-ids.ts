import type { Message, Part, ToolCallPart, ToolCallResponsePart } from '@colloquy/schema';
import { plainOrJson } from './content-rules.js';
import type { ContentRule } from './dialect.js';

type CallPart = ToolCallPart | ToolCallResponsePart;

const isCall = (part: Part): part is CallPart =>
  part.type === 'tool_call' || part.type === 'tool_call_response';

const lacksId = (part: Part): boolean => isCall(part) && part.id === undefined;

/** The same message in another place, the n-th call here being the n-th there. */
function withIdsOf(message: Message, other: Message | undefined): Message {
  const known = other?.parts.filter(isCall) ?? [];
  if (known.length !== message.parts.filter(isCall).length) return message;
  const twins = known.values();
  const parts = message.parts.map((part): Part => {
    if (!isCall(part)) return part;
    const twin = twins.next().value;
    return part.id === undefined && twin?.type === part.type && twin.id !== undefined
      ? { ...part, id: twin.id }
      : part;
  });
  return { ...message, parts };
}

/**
 * Numbered attributes may leave out by which ids calls and results belong together (LangChain's in
 * JavaScript). They are taken from the raw messages beside them, where those are as many.
 *
 * @param key - the attribute that holds the raw messages as JSON text
 */
export function withCallIds(key: string, side: 'input' | 'output', rule: ContentRule): ContentRule {
  const raw = plainOrJson(key, side);
  return {
    ...rule,
    read: (subject) => {
      const messages = rule.read(subject);
      if (!messages?.some(({ parts }) => parts.some(lacksId))) return messages;
      const others = raw.read(subject) ?? [];
      return others.length === messages.length
        ? messages.map((message, index) => withIdsOf(message, others[index]))
        : messages;
    },
  };
}
