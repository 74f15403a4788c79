/* Plays OpenAI's SDK under Langfuse: `main.ts <play.json>`. */
import { observeOpenAI } from '@langfuse/openai';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { propagateAttributes, startActiveObservation } from '@langfuse/tracing';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OpenAI } from 'openai';
import { OpenAiChatApp } from '../../../dist/emitters/openai-chat-app.js';
import { openAiClients } from '../../../dist/emitters/openai-clients.js';
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { Tracer } from '../../../dist/emitters/tracer.js';
import type { Play } from '../../../dist/recorder/play.js';

/** Langfuse's processor in the app's own provider, with its default filter: spans of models alone. */
class Langfuse extends Tracer {
  constructor(play: Play) {
    const processor = new LangfuseSpanProcessor({
      publicKey: 'pk-lf-play',
      secretKey: 'sk-lf-play',
      baseUrl: play.otlpUrl,
      ...(play.scenario.capture === false && { mask: () => '[REDACTED]' }),
    });
    const provider = new NodeTracerProvider({ spanProcessors: [processor] });
    provider.register();
    super(play, [provider]);
  }

  override conversation(
    { threadId: sessionId, userId }: Parameters<Tracer['conversation']>[0],
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    return propagateAttributes({ sessionId, userId }, () =>
      startActiveObservation('answer', async (span) => {
        span.update({ input: asked });
        const text = await run();
        span.update({ output: text });
        return text;
      }),
    );
  }

  override tool(
    { name, arguments: input }: Parameters<Tracer['tool']>[0],
    run: Parameters<Tracer['tool']>[1],
  ): ReturnType<Tracer['tool']> {
    return startActiveObservation(
      name,
      async (span) => {
        span.update({ input });
        const output = await run();
        span.update({ output });
        return output;
      },
      { asType: 'tool' },
    );
  }
}

const play = readPlay();
const tracer = new Langfuse(play);
const clientOf = openAiClients(OpenAI, play);
await playScenario(play, new OpenAiChatApp((key) => observeOpenAI(clientOf(key))), tracer);
process.exit();
