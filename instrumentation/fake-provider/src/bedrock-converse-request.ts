import type { Conversation } from './conversation.js';
import { splitParts, type MessagePart } from './message-parts.js';

/** What is read of a Converse request. */
export interface ConverseRequest {
  readonly system?: readonly Block[];
  readonly messages?: readonly {
    readonly role: 'user' | 'assistant';
    readonly content: readonly Block[];
  }[];
}

interface Block {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
  readonly toolResult?: {
    readonly content: readonly { readonly text?: string; readonly json?: unknown }[];
  };
}

/** The system prompt and the messages; images, files and reasoning count as no text. */
export function readConverseMessages({ system, messages = [] }: ConverseRequest): Conversation {
  return [
    ...(system?.length ? splitParts('system', system.flatMap(readBlock)) : []),
    ...messages.flatMap(({ role, content }) => splitParts(role, content.flatMap(readBlock))),
  ];
}

function readBlock({ text, toolUse, toolResult }: Block): MessagePart[] {
  if (text !== undefined) return [{ text }];
  if (toolUse !== undefined) {
    const { toolUseId: id, name, input } = toolUse;
    return [{ call: { id, name, arguments: JSON.stringify(input) } }];
  }
  if (toolResult === undefined) return [];
  const texts = toolResult.content.map((part) =>
    part.json === undefined ? (part.text ?? '') : JSON.stringify(part.json),
  );
  return [{ result: texts.join('') }];
}
