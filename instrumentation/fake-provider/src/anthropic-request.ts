import type { Conversation, ConversationMessage } from './conversation.js';
import { splitParts, type MessagePart } from './message-parts.js';

/** What is read of a Messages request; the bodies of Bedrock's InvokeModel name no model. */
export interface AnthropicRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: Content | null;
  readonly messages: readonly {
    readonly role: 'user' | 'assistant' | 'system';
    readonly content: Content;
  }[];
}

type Content = string | readonly Block[];

type Block =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
    }
  | { readonly type: 'tool_result'; readonly content?: Content }
  | { readonly type: 'image' | 'document' | 'thinking' | 'redacted_thinking' };

/** The system prompt and the messages; images, files and thinking count as no text. */
export function readAnthropicMessages({ system, messages }: AnthropicRequest): Conversation {
  const first: ConversationMessage[] =
    system == null ? [] : [{ role: 'system', text: readText(system) }];
  const rest = messages.flatMap(({ role, content }) => splitParts(role, readParts(content)));
  return [...first, ...rest];
}

function readParts(content: Content): MessagePart[] {
  if (typeof content === 'string') return [{ text: content }];
  return content.flatMap(readBlock);
}

function readBlock(block: Block): MessagePart[] {
  if (block.type === 'text') return [{ text: block.text }];
  if (block.type === 'tool_result') return [{ result: readText(block.content ?? '') }];
  if (block.type !== 'tool_use') return [];
  const { id, name, input } = block;
  return [{ call: { id, name, arguments: JSON.stringify(input) } }];
}

const readText = (content: Content): string =>
  readParts(content)
    .map((part) => ('text' in part ? part.text : ''))
    .join('');
