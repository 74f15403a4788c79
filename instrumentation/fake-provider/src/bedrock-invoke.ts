import { writeMessage } from './anthropic-message.js';
import { readAnthropicMessages } from './anthropic-request.js';
import { streamMessage } from './anthropic-stream.js';
import { uncachedTokens, type ApiShape, type ProviderAnswer } from './api-shape.js';
import { encodeAwsEvent } from './aws-event-stream.js';
import { AWS_EVENT_STREAM, bedrockError, readBedrockPath } from './bedrock-api.js';

/**
 * Bedrock's InvokeModel, plain and streamed, of Anthropic models alone.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
export const bedrockInvoke: ApiShape = {
  matches: (path) =>
    ['invoke', 'invoke-with-response-stream'].includes(readBedrockPath(path).operation),
  readRequest(body, path) {
    const { model, operation } = readBedrockPath(path);
    const messages = readAnthropicMessages(JSON.parse(body));
    return { model, stream: operation === 'invoke-with-response-stream', messages };
  },
  responseId: (serial) => `msg_${serial}`,
  writeResponse: (answer) => writeMessage(asAnthropic(answer)),
  streamType: AWS_EVENT_STREAM,
  writeStream,
  writeError: bedrockError,
};

const ANTHROPIC_MODEL = /anthropic\.(.+?)(?:-v\d+(?::\d+)?)?$/;

/** The body tells the model by Anthropic's own name. */
const asAnthropic = (answer: ProviderAnswer): ProviderAnswer => ({
  ...answer,
  model: ANTHROPIC_MODEL.exec(answer.model)?.[1] ?? answer.model,
});

function* writeStream(answer: ProviderAnswer): Generator<Buffer> {
  const metrics = writeMetrics(answer);
  for (const event of streamMessage(asAnthropic(answer))) {
    const sent = event.type === 'message_stop' ? { ...event, ...metrics } : event;
    const bytes = Buffer.from(JSON.stringify(sent)).toString('base64');
    yield encodeAwsEvent('chunk', { bytes });
  }
}

/** What Bedrock adds to the last event of the model's own stream; its times are fixed. */
const writeMetrics = ({ usage }: ProviderAnswer): object => ({
  'amazon-bedrock-invocationMetrics': {
    inputTokenCount: uncachedTokens(usage),
    outputTokenCount: usage.outputTokens,
    invocationLatency: 100,
    firstByteLatency: 50,
  },
});
