import { context } from '@opentelemetry/api';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { setSession, setUser, traceChain, traceTool } from '@arizeai/openinference-core';
import type { Json } from '@colloquy/schema';
import { OpenAI } from 'openai';
import type { Play, PlayThread } from '../recorder/play.js';
import type { ToolCall } from './app.js';
import { OpenAiChatApp } from './openai-chat-app.js';
import { openAiClients } from './openai-clients.js';
import { OpenAiRetrievalApp } from './openai-retrieval-app.js';
import { playScenario } from './player.js';
import { startTracing } from './telemetry.js';
import { Tracer } from './tracer.js';

/** Thread and user by OpenInference's context helpers, on every span; chain and tool spans around them. */
class OpenInferenceTracer extends Tracer {
  constructor(play: Play) {
    const provider = startTracing('openai-openinference', play.otlpUrl);
    const hides = play.scenario.capture === false;
    const traceConfig = { hideInputs: hides, hideOutputs: hides };
    const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider, traceConfig });
    instrumentation.manuallyInstrument(OpenAI);
    super(play, [provider]);
  }

  override conversation(
    { threadId: sessionId, userId }: PlayThread,
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    const thread = setUser(setSession(context.active(), { sessionId }), { userId });
    if (this.play.scenario.capture === false) return context.with(thread, run);
    const chain = traceChain((_asked: string | undefined) => run(), { name: 'answer' });
    return context.with(thread, () => chain(asked));
  }

  override tool(call: ToolCall, run: () => Promise<Json>): Promise<Json> {
    if (this.play.scenario.capture === false) return run();
    return traceTool((_input: ToolCall['arguments']) => run(), { name: call.name })(call.arguments);
  }
}

/** OpenInference over Chat Completions. */
export async function runOpenInference(play: Play): Promise<void> {
  const tracer = new OpenInferenceTracer(play);
  await playScenario(play, new OpenAiChatApp(openAiClients(OpenAI, play)), tracer);
}

/** The same with what was retrieved in each prompt. */
export async function runRetrieval(play: Play): Promise<void> {
  const tracer = new OpenInferenceTracer(play);
  await playScenario(play, new OpenAiRetrievalApp(openAiClients(OpenAI, play)), tracer);
}
