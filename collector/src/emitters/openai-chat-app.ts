import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionChunk,
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import type { Attachment } from '../scenarios/scenario.js';
import type { CompleteApp, Completion, ModelRequest, PlayTool, ToolResult } from './app.js';
import type { ClientOf } from './openai-clients.js';

type Message = ChatCompletionMessageParam;
type Params = ChatCompletionCreateParamsNonStreaming;

/** A tool call as the API tells it; `arguments` is JSON text. */
interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

const MODEL = 'gpt-4o-mini';

/** An app over Chat Completions: it keeps the history and sends all of it with each call. */
export class OpenAiChatApp implements CompleteApp<Message> {
  readonly #clientOf: ClientOf;

  constructor(clientOf: ClientOf) {
    this.#clientOf = clientOf;
  }

  user(text: string, attachments: readonly Attachment[]): Message {
    if (attachments.length === 0) return { role: 'user', content: text };
    return { role: 'user', content: [{ type: 'text', text }, ...attachments.map(wirePart)] };
  }

  assistant(content: string): Message {
    return { role: 'assistant', content };
  }

  toolResults(results: readonly ToolResult[]): readonly Message[] {
    return results.map(({ call, text }) => ({
      role: 'tool',
      tool_call_id: call.id,
      content: text,
    }));
  }

  async complete(request: ModelRequest<Message>): Promise<Completion<Message>> {
    const { completions } = this.#clientOf(request.thread.key).chat;
    const params = wireRequest(request);
    if (request.stream) {
      const stream_options = { include_usage: true };
      const stream = await completions.create({ ...params, stream: true, stream_options });
      return readStream(stream, request.abandonAfter);
    }
    const message = (await completions.create(params)).choices[0]?.message;
    if (message === undefined) throw new Error('the provider gave no choice');
    const calls = (message.tool_calls ?? [])
      .filter((call) => call.type === 'function')
      .map(({ id, function: called }) => ({ id, ...called }));
    return completion(message.content, calls);
  }
}

function wireRequest({ system, messages, tools, schema }: ModelRequest<Message>): Params {
  return {
    model: MODEL,
    messages: [{ role: 'system', content: system }, ...messages],
    ...(tools.length > 0 && { tools: tools.map(wireTool) }),
    ...(schema !== undefined && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: schema as Record<string, unknown>, strict: true },
      },
    }),
  };
}

async function readStream(
  stream: AsyncIterable<ChatCompletionChunk>,
  abandonAfter: number | undefined,
): Promise<Completion<Message>> {
  let content: string | null = null;
  let pieces = 0;
  const calls = new Map<number, WireCall>();
  for await (const { choices } of stream) {
    const delta = choices[0]?.delta;
    if (delta?.content) {
      content = (content ?? '') + delta.content;
      pieces += 1;
    }
    for (const { index, id, function: called } of delta?.tool_calls ?? []) {
      const call = calls.get(index) ?? { id: id ?? '', name: called?.name ?? '', arguments: '' };
      calls.set(index, { ...call, arguments: call.arguments + (called?.arguments ?? '') });
    }
    if (pieces === abandonAfter) break;
  }
  return completion(content, [...calls.values()]);
}

function completion(content: string | null, calls: readonly WireCall[]): Completion<Message> {
  const message: ChatCompletionAssistantMessageParam = {
    role: 'assistant',
    content,
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
    }),
  };
  return {
    messages: [message],
    text: content ?? '',
    toolCalls: calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })),
  };
}

function wirePart({ kind, mimeType, base64, name }: Attachment): ChatCompletionContentPart {
  const url = `data:${mimeType};base64,${base64}`;
  return kind === 'image'
    ? { type: 'image_url', image_url: { url } }
    : { type: 'file', file: { filename: name, file_data: url } };
}

const wireTool = ({ name, description, parameters }: PlayTool): ChatCompletionTool => ({
  type: 'function',
  function: { name, description, parameters: { ...parameters } },
});
