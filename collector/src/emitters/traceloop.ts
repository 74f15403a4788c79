import type * as current from '@traceloop/node-server-sdk';
import type { Json } from '@colloquy/schema';
import { OpenAI } from 'openai';
import type { Play, PlayThread } from '../recorder/play.js';
import type { ToolCall } from './app.js';
import { OpenAiChatApp } from './openai-chat-app.js';
import { openAiClients } from './openai-clients.js';
import { playScenario } from './player.js';
import { Tracer } from './tracer.js';

type Wrappers = 'forceFlush' | 'withAssociationProperties' | 'withWorkflow' | 'withTool';

/** What both majors have in common. */
type Sdk = Pick<typeof current, Wrappers> & {
  initialize(options: Omit<current.InitializeOptions, 'instrumentModules'>): void;
};

/** Traceloop's SDK, which sets up tracing by itself: a request a span. */
class TraceloopTracer extends Tracer {
  readonly #sdk: Sdk;

  constructor(sdk: Sdk, appName: string, play: Play) {
    super(play);
    this.#sdk = sdk;
    // Handed over as it is: the SDK's types know the class by its CommonJS declarations alone.
    const instrumentModules = { instrumentModules: { openAI: OpenAI } };
    sdk.initialize({
      ...instrumentModules,
      appName,
      baseUrl: play.otlpUrl,
      apiKey: 'none',
      disableBatch: true,
      silenceInitializationMessage: true,
      traceloopSyncEnabled: false,
      traceContent: play.scenario.capture ?? true,
    });
  }

  override conversation(
    { threadId: session_id, userId: user_id }: PlayThread,
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    return this.#sdk.withAssociationProperties({ session_id, user_id }, () =>
      this.#sdk.withWorkflow({ name: 'chat_turn' }, (_asked: string | undefined) => run(), asked),
    );
  }

  override tool({ name, arguments: input }: ToolCall, run: () => Promise<Json>): Promise<Json> {
    return this.#sdk.withTool({ name }, (_input: ToolCall['arguments']) => run(), input);
  }

  override flush(): Promise<void> {
    return this.#sdk.forceFlush();
  }
}

/** Plays with one major of Traceloop's SDK over Chat Completions. */
export const runWithTraceloop = (
  sdk: Sdk,
  appName: string,
  play: Play,
  SpokenApp = OpenAiChatApp,
): Promise<void> =>
  playScenario(
    play,
    new SpokenApp(openAiClients(OpenAI, play)),
    new TraceloopTracer(sdk, appName, play),
  );
