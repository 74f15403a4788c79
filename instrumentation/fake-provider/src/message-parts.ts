import type { ConversationMessage, ToolCall } from './conversation.js';

/** One piece of a message in which tool calls and tool results stand among the text. */
export type MessagePart =
  | { readonly text: string }
  | { readonly call: ToolCall }
  | { readonly result: string };

type Speaker = 'system' | 'user' | 'assistant';

/**
 * Splits one wire message where tool results stand in it: each is a message of role `tool`, and the
 * text before, between and after them stays in its place. A message of no parts is an empty one.
 */
export function splitParts(role: Speaker, parts: readonly MessagePart[]): ConversationMessage[] {
  const messages: ConversationMessage[] = [];
  for (const part of parts) {
    if ('result' in part) messages.push({ role: 'tool', text: part.result });
    else {
      const open = messages.at(-1)?.role === role ? messages.pop() : undefined;
      messages.push(addPart(open ?? { role, text: '' }, part));
    }
  }
  return messages.length > 0 ? messages : [{ role, text: '' }];
}

function addPart(
  message: ConversationMessage,
  part: Exclude<MessagePart, { result: string }>,
): ConversationMessage {
  if ('text' in part) return { ...message, text: message.text + part.text };
  return { ...message, toolCalls: [...(message.toolCalls ?? []), part.call] };
}
