import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { anthropicCountTokens, anthropicMessages } from './anthropic-messages.js';
import type {
  ApiShape,
  ProviderAnswer,
  ProviderRequest,
  UnscriptedRoute,
  Usage,
} from './api-shape.js';
import { bedrockConverse } from './bedrock-converse.js';
import { bedrockInvoke } from './bedrock-invoke.js';
import { readClientKey } from './client-key.js';
import { countTokens, type Conversation, type ConversationMessage } from './conversation.js';
import { gemini, geminiCountTokens, geminiEmbeddings } from './gemini.js';
import { listen } from './listen.js';
import { ollamaChat } from './ollama-chat.js';
import { openaiChat } from './openai-chat.js';
import { openaiCompletions } from './openai-completions.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiModels } from './openai-models.js';
import { openaiResponses } from './openai-responses.js';
import {
  findReply,
  wireToolCalls,
  type NextReply,
  type Replies,
  type Script,
  type ScriptedReply,
} from './script.js';

/** How the fake provider behaves. */
export interface FakeProviderOptions {
  /** What the model says to whom asks as scripted; without it, everything is echoed. */
  readonly script?: Script;
  /** What the model says to a client (its API key), call by call; wins over `script`. */
  readonly replies?: (client: string) => Replies | undefined;
  /** A free port unless given. */
  readonly port?: number;
  /** Part of every response id; random unless given, so that two runs never share an id. */
  readonly idPrefix?: string;
}

/** A request as it came. */
export interface ReceivedRequest {
  readonly path: string;
  readonly body: string;
  readonly status: number;
  /** The API key it came with. */
  readonly client: string;
  /** Absent when it failed. */
  readonly usage?: Usage;
}

/** A running fake provider. */
export interface FakeProvider {
  /** `http://127.0.0.1:PORT`; an OpenAI client's base URL is this and `/v1`. */
  readonly url: string;
  /** All requests so far, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  stop(): Promise<void>;
}

/** One entry for each API shape; a new provider is a file and a line here. */
const SHAPES: readonly ApiShape[] = [
  openaiChat,
  openaiResponses,
  openaiCompletions,
  anthropicMessages,
  gemini,
  bedrockConverse,
  bedrockInvoke,
  ollamaChat,
];

const UNSCRIPTED: readonly UnscriptedRoute[] = [
  anthropicCountTokens,
  geminiCountTokens,
  geminiEmbeddings,
  openaiEmbeddings,
  openaiModels,
];

const SERVER_SENT_EVENTS = 'text/event-stream; charset=utf-8';

/** Fixed, so that recordings of one script differ as little as may be. */
const FIRST_CREATED_AT = 1_760_000_000;

/** Starts a local stand-in for model providers on 127.0.0.1. */
export async function startFakeProvider(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const requests: ReceivedRequest[] = [];
  const model = createModel(options);
  const server = createServer((request, response) => {
    answer(request, response, model, requests).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const url = await listen(server, options.port);
  return {
    url,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Seen in a recording, it tells that the app called more often than its script says. */
const OUT_OF_LINES: ScriptedReply = { text: 'The script has no more replies.' };

type Model = (client: string, shape: ApiShape, request: ProviderRequest) => ProviderAnswer | number;

/** The state: what was said under which id, which turns have failed once, how many answers there were. */
function createModel({
  script = [],
  replies = () => undefined,
  idPrefix = randomUUID().slice(0, 8),
}: FakeProviderOptions): Model {
  const conversations = new Map<string, Conversation>();
  const failed = new Set<string>();
  const queues = new Map<string, ScriptedReply[] | undefined>();
  let count = 0;
  const next = (client: string, conversation: Conversation): NextReply => {
    if (!queues.has(client)) queues.set(client, replies(client)?.slice());
    const queue = queues.get(client);
    if (queue === undefined) return findReply(script, conversation);
    return { reply: queue.shift() ?? OUT_OF_LINES };
  };
  return (client, shape, request) => {
    const before = conversations.get(request.previousId ?? '') ?? [];
    const conversation = [...before, ...request.messages];
    const { reply, failFirst } = next(client, conversation);
    if (reply.status !== undefined) return reply.status;
    const attempt = JSON.stringify([client, conversation]);
    // Forgotten once it has succeeded, so that the next run of the same script fails again.
    if (failFirst !== undefined && !failed.delete(attempt)) {
      failed.add(attempt);
      return failFirst;
    }
    count += 1;
    const said = readBack(reply);
    const serial = `${idPrefix}${String(count).padStart(6, '0')}`;
    conversations.set(shape.responseId(serial), [...conversation, said]);
    const usage = {
      inputTokens: countTokens(conversation),
      cachedTokens: reply.cachedTokens ?? 0,
      cacheWriteTokens: reply.cacheWriteTokens ?? 0,
      outputTokens: countTokens([said]),
    };
    return { serial, createdAt: FIRST_CREATED_AT + count, model: request.model, reply, usage };
  };
}

const readBack = (reply: ScriptedReply): ConversationMessage => ({
  role: 'assistant',
  text: reply.text ?? '',
  toolCalls: wireToolCalls(reply),
});

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  model: Model,
  requests: ReceivedRequest[],
): Promise<void> {
  const { pathname: path } = new URL(request.url ?? '/', 'http://localhost');
  const shape = SHAPES.find((candidate) => candidate.matches(path));
  const route = UNSCRIPTED.find((candidate) => candidate.matches(path));
  const body = await text(request);
  if (route !== undefined) return sendJson(response, 200, route.answer(body, path));
  if (shape === undefined)
    return sendJson(response, 404, { error: { message: `no ${path} here` } });
  const asked = shape.readRequest(body, path);
  const client = readClientKey(request.headers);
  const answered = model(client, shape, asked);
  const status = typeof answered === 'number' ? answered : 200;
  const usage = typeof answered === 'number' ? {} : { usage: answered.usage };
  requests.push({ path, body, status, client, ...usage });
  if (typeof answered === 'number') return sendJson(response, status, shape.writeError(status));
  if (!asked.stream) return sendJson(response, 200, shape.writeResponse(answered, body));
  response.writeHead(200, { 'content-type': shape.streamType ?? SERVER_SENT_EVENTS });
  for (const frame of shape.writeStream(answered, body)) response.write(frame);
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
