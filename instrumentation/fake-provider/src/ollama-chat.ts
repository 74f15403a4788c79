import { pieces, type ApiShape, type ProviderAnswer } from './api-shape.js';
import type { ConversationMessage } from './conversation.js';

interface ChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages?: readonly Message[];
}

interface Message {
  readonly role: ConversationMessage['role'];
  readonly content?: string | null;
  readonly tool_calls?:
    | readonly { readonly function: { readonly name: string; readonly arguments: unknown } }[]
    | null;
}

/**
 * Ollama's chat; it streams unless told not to, one JSON object a line.
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion
 */
export const ollamaChat: ApiShape = {
  matches: (path) => path === '/api/chat',
  readRequest(body) {
    const { model, stream, messages = [] }: ChatRequest = JSON.parse(body);
    return { model, stream: stream !== false, messages: messages.map(readMessage) };
  },
  responseId: (serial) => serial,
  writeResponse: (answer) => {
    const { text = '', reasoning } = answer.reply;
    return writeLast(answer, { content: text, ...(reasoning && { thinking: reasoning }) });
  },
  streamType: 'application/x-ndjson',
  writeStream,
  writeError: () => ({ error: 'the request has failed' }),
};

/** Calls have no ids here, so that the name stands for one. */
function readMessage({ role, content, tool_calls }: Message): ConversationMessage {
  const text = content ?? '';
  if (!tool_calls?.length) return { role, text };
  const toolCalls = tool_calls.map(({ function: { name, arguments: input } }) => ({
    id: name,
    name,
    arguments: JSON.stringify(input),
  }));
  return { role, text, toolCalls };
}

function* writeStream(answer: ProviderAnswer): Generator<string> {
  const { text = '', reasoning = '' } = answer.reply;
  for (const thinking of pieces(reasoning)) {
    yield line({ ...writeChunk(answer, { content: '', thinking }), done: false });
  }
  for (const content of pieces(text)) {
    yield line({ ...writeChunk(answer, { content }), done: false });
  }
  yield line(writeLast(answer, { content: '' }));
}

const line = (chunk: object) => `${JSON.stringify(chunk)}\n`;

const writeChunk = ({ model, createdAt }: ProviderAnswer, message: object) => ({
  model,
  created_at: new Date(createdAt * 1000).toISOString(),
  message: { role: 'assistant', ...message },
});

function writeLast(answer: ProviderAnswer, message: object): object {
  const { reply, usage } = answer;
  const tool_calls = reply.toolCalls?.map(({ name, arguments: input }) => ({
    function: { name, arguments: input },
  }));
  return {
    ...writeChunk(answer, { ...message, ...(tool_calls && { tool_calls }) }),
    done: true,
    done_reason: 'stop',
    total_duration: 100_000_000,
    prompt_eval_count: usage.inputTokens,
    eval_count: usage.outputTokens,
  };
}
