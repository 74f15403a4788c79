import type { Message, ToolCallPart } from '@colloquy/schema';
import type { ContentRule } from './dialect.js';

/** A message in the name of a tool that was just called is the first result of it that is still owed. */
function asResult(message: Message, owed: ToolCallPart[]): Message {
  const index = owed.findIndex(({ name }) => name.toLowerCase() === message.role);
  const [part] = message.parts;
  if (index === -1 || part?.type !== 'text' || message.parts.length > 1) return message;
  const [{ id }] = owed.splice(index, 1) as [ToolCallPart];
  return {
    role: 'tool',
    parts: [
      { type: 'tool_call_response', ...(id !== undefined && { id }), response: part.content },
    ],
  };
}

/** Langfuse for LangChain.js gives the results of tools the tool's name for a role, and no id. */
export const withNamedResults = (rule: ContentRule): ContentRule => ({
  ...rule,
  read: (subject) => {
    let owed: ToolCallPart[] = [];
    return rule.read(subject)?.map((message) => {
      if (message.role === 'assistant')
        owed = message.parts.filter((part) => part.type === 'tool_call');
      return asResult(message, owed);
    });
  },
});
