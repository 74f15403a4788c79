import {
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { Play } from '../../../dist/recorder/play.js';
import type { AnthropicBody, AnthropicService, StreamEvent } from './anthropic-app.js';
import { bedrockClient } from './bedrock-client.js';

const command = (body: AnthropicBody) => ({
  modelId: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
  contentType: 'application/json',
  accept: 'application/json',
  body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', ...body }),
});

async function* events(
  chunks: AsyncIterable<{ readonly chunk?: { readonly bytes?: Uint8Array } }>,
): AsyncGenerator<StreamEvent> {
  for await (const { chunk } of chunks)
    if (chunk?.bytes) yield JSON.parse(new TextDecoder().decode(chunk.bytes)) as StreamEvent;
}

/** Anthropic's models by Bedrock's InvokeModel, which takes and gives their own JSON. */
export function bedrockInvoke(play: Play): AnthropicService {
  const client = bedrockClient(play);
  return {
    create: async (key, body) => {
      const answer = await client(key).send(new InvokeModelCommand(command(body)));
      return JSON.parse(new TextDecoder().decode(answer.body)) as never;
    },
    stream: async (key, body) => {
      const stream = new InvokeModelWithResponseStreamCommand(command(body));
      return events((await client(key).send(stream)).body ?? []);
    },
  };
}
