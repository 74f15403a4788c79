import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { promptOf } from '../scenarios/retrieval.js';
import type { Completion, ModelRequest } from './app.js';
import { OpenAiChatApp } from './openai-chat-app.js';

type Message = ChatCompletionMessageParam;

/** Sends what it found with the last question alone, and keeps the bare question in its history. */
export class OpenAiRetrievalApp extends OpenAiChatApp {
  override complete(request: ModelRequest<Message>): Promise<Completion<Message>> {
    const last = request.messages.findLastIndex(({ role }) => role === 'user');
    const messages = request.messages.map((message, index) =>
      index === last ? withContext(message) : message,
    );
    return super.complete({ ...request, messages });
  }
}

function withContext(message: Message): Message {
  if (message.role !== 'user') return message;
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: promptOf(content) };
  return {
    ...message,
    content: content.map((part) =>
      part.type === 'text' ? { ...part, text: promptOf(part.text) } : part,
    ),
  };
}
