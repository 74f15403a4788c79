import { OpenAI } from 'openai';
import type * as current from '@traceloop/node-server-sdk';
import { apiKeyOf, createTool, type CallTool, type EmitterOptions } from './emitter.js';
import { createChatApp } from './openai-chat-app.js';

type Wrappers = 'forceFlush' | 'withAssociationProperties' | 'withWorkflow' | 'withTool';

/** What both majors have in common. */
type Sdk = Pick<typeof current, Wrappers> & {
  initialize(options: Omit<current.InitializeOptions, 'instrumentModules'>): void;
};

/** Holds the conversation with Traceloop's SDK, which sets up tracing by itself: a span a request. */
export async function runWithTraceloop(
  sdk: Sdk,
  appName: string,
  options: EmitterOptions,
): Promise<void> {
  const { otlpUrl, providerUrl, threadId: session_id, userId: user_id, scenario } = options;
  // Handed over as it is: the SDK's types know the class by its CommonJS declarations alone.
  const instrumentModules = { instrumentModules: { openAI: OpenAI } };
  sdk.initialize({
    ...instrumentModules,
    appName,
    baseUrl: otlpUrl,
    apiKey: 'none',
    disableBatch: true,
    silenceInitializationMessage: true,
    traceloopSyncEnabled: false,
  });
  const client = new OpenAI({
    baseURL: `${providerUrl}/v1`,
    apiKey: apiKeyOf(options),
    maxRetries: 0,
  });
  const tool = createTool(scenario);
  const callTool: CallTool = (input) => sdk.withTool({ name: scenario.tool.name }, tool, input);
  const ask = createChatApp(client, scenario, callTool);
  for (const { user, stream = false } of scenario.turns) {
    await sdk.withAssociationProperties({ session_id, user_id }, () =>
      sdk.withWorkflow({ name: 'chat_turn' }, ask, user, stream),
    );
    await sdk.forceFlush();
  }
}
