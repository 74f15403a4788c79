import type { Conversation, ConversationMessage } from './conversation.js';
import { splitParts, type MessagePart } from './message-parts.js';

/** What is read of a Gemini request. As the API does, it takes snake case too. */
export interface GeminiRequest {
  readonly systemInstruction?: Content | null;
  readonly system_instruction?: Content | null;
  readonly contents?: readonly Content[];
}

interface Content {
  readonly role?: string;
  readonly parts?: readonly Part[];
}

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly functionCall?: FunctionCall;
  readonly function_call?: FunctionCall;
  readonly functionResponse?: FunctionResponse;
  readonly function_response?: FunctionResponse;
}

interface FunctionCall {
  readonly id?: string;
  readonly name: string;
  readonly args?: unknown;
}

interface FunctionResponse {
  readonly response?: unknown;
}

/** The system instruction and the contents; images, files and thoughts count as no text. */
export function readGeminiContents(request: GeminiRequest): Conversation {
  const { contents } = request;
  const instruction = request.systemInstruction ?? request.system_instruction;
  return [
    ...(instruction == null ? [] : readContent(instruction, 'system')),
    ...(contents ?? []).flatMap((content) =>
      readContent(content, content.role === 'model' ? 'assistant' : 'user'),
    ),
  ];
}

const readContent = (
  { parts = [] }: Content,
  role: 'system' | 'user' | 'assistant',
): ConversationMessage[] => splitParts(role, parts.flatMap(readPart));

function readPart(part: Part): MessagePart[] {
  const call = part.functionCall ?? part.function_call;
  const result = part.functionResponse ?? part.function_response;
  if (call !== undefined) {
    const { id = call.name, name, args = {} } = call;
    return [{ call: { id, name, arguments: JSON.stringify(args) } }];
  }
  if (result !== undefined) return [{ result: JSON.stringify(result.response ?? {}) }];
  return part.text === undefined || part.thought === true ? [] : [{ text: part.text }];
}
