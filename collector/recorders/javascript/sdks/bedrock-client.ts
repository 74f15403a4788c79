import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Play } from '../../../dist/recorder/play.js';

/** Gives the client of a conversation, which the provider knows by its access key id. */
export const bedrockClient =
  ({ providerUrl }: Play) =>
  (key: string): bedrock.BedrockRuntimeClient =>
    new bedrock.BedrockRuntimeClient({
      region: 'eu-central-1',
      endpoint: providerUrl,
      credentials: { accessKeyId: key, secretAccessKey: 'none' },
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(),
    });
