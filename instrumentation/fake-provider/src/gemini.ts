import { pieces, type ApiShape, type ProviderAnswer, type UnscriptedRoute } from './api-shape.js';
import { countTokens } from './conversation.js';
import { readGeminiContents } from './gemini-request.js';
import { DIMENSIONS, embed } from './openai-embeddings.js';

/** Of the Gemini API (`/v1beta/models/…`) and of Vertex AI (`/v1/projects/…/models/…`). */
const PATH = /^\/v1\w*\/(?:.+\/)?models\/([^/:]+):(\w+)$/;

const readPath = (path: string) => {
  const [, model = '', operation = ''] = PATH.exec(decodeURIComponent(path)) ?? [];
  return { model, operation };
};

/**
 * Gemini's `generateContent` and, with `alt=sse`, `streamGenerateContent`.
 * @see https://ai.google.dev/api/generate-content
 */
export const gemini: ApiShape = {
  matches: (path) =>
    ['generateContent', 'streamGenerateContent'].includes(readPath(path).operation),
  readRequest(body, path) {
    const { model, operation } = readPath(path);
    const messages = readGeminiContents(JSON.parse(body));
    return { model, stream: operation === 'streamGenerateContent', messages };
  },
  responseId: (serial) => serial,
  writeResponse: (answer) => writeChunk(answer, writeParts(answer), 'STOP'),
  writeStream,
  writeError: geminiError,
};

/** @see https://ai.google.dev/api/tokens */
export const geminiCountTokens: UnscriptedRoute = {
  matches: (path) => readPath(path).operation === 'countTokens',
  answer(body) {
    const { generateContentRequest, ...request } = JSON.parse(body);
    return { totalTokens: countTokens(readGeminiContents(generateContentRequest ?? request)) };
  },
};

interface EmbedRequest {
  readonly content: { readonly parts: readonly { readonly text?: string }[] };
  readonly outputDimensionality?: number;
}

/** @see https://ai.google.dev/api/embeddings */
export const geminiEmbeddings: UnscriptedRoute = {
  matches: (path) => readPath(path).operation === 'batchEmbedContents',
  answer(body) {
    const { requests }: { requests: readonly EmbedRequest[] } = JSON.parse(body);
    return {
      embeddings: requests.map(({ content: { parts }, outputDimensionality = DIMENSIONS }) => ({
        values: embed(parts.map(({ text = '' }) => text).join(''), outputDimensionality),
      })),
    };
  },
};

/** A part of an answer. */
interface GeminiPart {
  readonly text?: string;
  readonly thought?: true;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args: object };
}

/** A whole answer, or one chunk of its stream. */
export interface GeminiChunk {
  readonly candidates: readonly [
    {
      readonly content: { readonly role: 'model'; readonly parts: readonly GeminiPart[] };
      readonly finishReason?: 'STOP';
      readonly index: 0;
    },
  ];
  readonly usageMetadata: object;
  readonly modelVersion: string;
  readonly responseId: string;
}

/** Since Gemini 3 a call has an id, and the first call of an answer a signature. */
const IDENTIFIES_CALLS = /^gemini-(?:[3-9]|\d\d)/;

function writeParts({ model, serial, reply }: ProviderAnswer): GeminiPart[] {
  const { reasoning, text, toolCalls = [] } = reply;
  const identified = IDENTIFIES_CALLS.test(model);
  const thoughtSignature = Buffer.from(`signed ${serial}`).toString('base64');
  return [
    ...(reasoning ? [{ text: reasoning, thought: true as const }] : []),
    ...(text ? [{ text }] : []),
    ...toolCalls.map(({ id, name, arguments: args }, index) => ({
      functionCall: { ...(identified && { id }), name, args },
      ...(identified && index === 0 && { thoughtSignature }),
    })),
  ];
}

function* writeStream(answer: ProviderAnswer): Generator<string> {
  const parts = writeParts(answer).flatMap(splitPart);
  const last = parts.pop();
  for (const part of parts) yield writeFrame(writeChunk(answer, [part]));
  yield writeFrame(writeChunk(answer, last === undefined ? [] : [last], 'STOP'));
}

const splitPart = (part: GeminiPart): GeminiPart[] =>
  part.text === undefined ? [part] : [...pieces(part.text)].map((text) => ({ ...part, text }));

/** Lines end as the API ends them. */
const writeFrame = (chunk: GeminiChunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`;

const writeChunk = (
  answer: ProviderAnswer,
  parts: readonly GeminiPart[],
  finishReason?: 'STOP',
): GeminiChunk => ({
  candidates: [
    { content: { role: 'model', parts }, ...(finishReason && { finishReason }), index: 0 },
  ],
  usageMetadata: writeUsage(answer),
  modelVersion: answer.model,
  responseId: gemini.responseId(answer.serial),
});

function writeUsage({ usage, reply: { reasoning } }: ProviderAnswer): object {
  const { inputTokens, cachedTokens, outputTokens } = usage;
  const thoughts = reasoning ? countTokens([{ role: 'assistant', text: reasoning }]) : 0;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens + thoughts,
    ...(cachedTokens > 0 && { cachedContentTokenCount: cachedTokens }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
}

/** @see https://cloud.google.com/apis/design/errors#handling_errors */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function geminiError(code: number): object {
  const status = STATUS_NAMES[code] ?? 'UNKNOWN';
  return { error: { code, message: 'The request has failed.', status } };
}
