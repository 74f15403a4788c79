import {
  pieces,
  uncachedTokens,
  type ApiShape,
  type ProviderAnswer,
  type Usage,
} from './api-shape.js';
import { encodeAwsEvent } from './aws-event-stream.js';
import { AWS_EVENT_STREAM, bedrockError, readBedrockPath } from './bedrock-api.js';
import { readConverseMessages } from './bedrock-converse-request.js';

/**
 * Bedrock's Converse and ConverseStream.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export const bedrockConverse: ApiShape = {
  matches: (path) => ['converse', 'converse-stream'].includes(readBedrockPath(path).operation),
  readRequest(body, path) {
    const { model, operation } = readBedrockPath(path);
    const messages = readConverseMessages(JSON.parse(body));
    return { model, stream: operation === 'converse-stream', messages };
  },
  responseId: (serial) => serial,
  writeResponse: (answer) => ({
    output: { message: { role: 'assistant', content: writeBlocks(answer) } },
    stopReason: stopReason(answer),
    ...writeMetadata(answer),
  }),
  streamType: AWS_EVENT_STREAM,
  writeStream,
  writeError: bedrockError,
};

/** A content block of an answer. */
export type ConverseBlock =
  | { readonly reasoningContent: { readonly reasoningText: Reasoning } }
  | { readonly text: string }
  | { readonly toolUse: ToolUse };

interface Reasoning {
  readonly text: string;
  readonly signature: string;
}

interface ToolUse {
  readonly toolUseId: string;
  readonly name: string;
  readonly input: object;
}

function writeBlocks({ serial, reply }: ProviderAnswer): ConverseBlock[] {
  const { reasoning, text, toolCalls = [] } = reply;
  const signature = Buffer.from(`signed ${serial}`).toString('base64');
  return [
    ...(reasoning ? [{ reasoningContent: { reasoningText: { text: reasoning, signature } } }] : []),
    ...(text ? [{ text }] : []),
    ...toolCalls.map(({ id, name, arguments: input }) => ({
      toolUse: { toolUseId: id, name, input },
    })),
  ];
}

function* writeStream(answer: ProviderAnswer): Generator<Buffer> {
  yield encodeAwsEvent('messageStart', { role: 'assistant' });
  for (const [contentBlockIndex, block] of writeBlocks(answer).entries()) {
    // Only tool uses are opened; the first delta of a text opens it.
    if ('toolUse' in block) {
      const { toolUseId, name } = block.toolUse;
      const start = { toolUse: { toolUseId, name } };
      yield encodeAwsEvent('contentBlockStart', { start, contentBlockIndex });
    }
    for (const delta of deltas(block)) {
      yield encodeAwsEvent('contentBlockDelta', { delta, contentBlockIndex });
    }
    yield encodeAwsEvent('contentBlockStop', { contentBlockIndex });
  }
  yield encodeAwsEvent('messageStop', { stopReason: stopReason(answer) });
  yield encodeAwsEvent('metadata', writeMetadata(answer));
}

function* deltas(block: ConverseBlock): Generator<object> {
  if ('text' in block) {
    for (const text of pieces(block.text)) yield { text };
  } else if ('toolUse' in block) {
    for (const input of pieces(JSON.stringify(block.toolUse.input))) yield { toolUse: { input } };
  } else {
    const { text, signature } = block.reasoningContent.reasoningText;
    for (const piece of pieces(text)) yield { reasoningContent: { text: piece } };
    yield { reasoningContent: { signature } };
  }
}

const stopReason = ({ reply }: ProviderAnswer) =>
  reply.toolCalls?.length ? 'tool_use' : 'end_turn';

/** Fixed, so that two runs do not differ. */
const LATENCY_MS = 100;

const writeMetadata = ({ usage }: ProviderAnswer): object => ({
  usage: writeUsage(usage),
  metrics: { latencyMs: LATENCY_MS },
});

/** As with Anthropic, `inputTokens` is what the cache neither read nor wrote. */
const writeUsage = (usage: Usage) => ({
  inputTokens: uncachedTokens(usage),
  outputTokens: usage.outputTokens,
  totalTokens: usage.inputTokens + usage.outputTokens,
  cacheReadInputTokens: usage.cachedTokens,
  cacheWriteInputTokens: usage.cacheWriteTokens,
});
