/* Plays OpenAI's SDK under Laminar: `main.ts <play.json>`. */
import { Laminar, observe } from '@lmnr-ai/lmnr';
import { OpenAI } from 'openai';
import { OpenAiChatApp } from '../../../dist/emitters/openai-chat-app.js';
import { openAiClients } from '../../../dist/emitters/openai-clients.js';
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { Tracer } from '../../../dist/emitters/tracer.js';
import type { Play } from '../../../dist/recorder/play.js';

/** Laminar sets up tracing by itself; its own span is the root. */
class LaminarTracer extends Tracer {
  constructor(play: Play) {
    const { protocol, hostname, port } = new URL(play.otlpUrl);
    Laminar.initialize({
      projectApiKey: 'key',
      baseUrl: `${protocol}//${hostname}`,
      httpPort: Number(port),
      forceHttp: true,
      instrumentModules: { OpenAI },
    });
    super(play);
  }

  override conversation(
    { threadId: sessionId, userId }: Parameters<Tracer['conversation']>[0],
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    return observe({ name: 'answer', sessionId, userId, input: asked }, run);
  }

  override tool(
    { name, arguments: input }: Parameters<Tracer['tool']>[0],
    run: Parameters<Tracer['tool']>[1],
  ): ReturnType<Tracer['tool']> {
    return observe({ name, spanType: 'TOOL', input }, run);
  }

  override flush(): Promise<void> {
    return Laminar.flush();
  }

  override shutdown(): Promise<void> {
    return Laminar.shutdown();
  }
}

const play = readPlay();
const tracer = new LaminarTracer(play);
await playScenario(play, new OpenAiChatApp(openAiClients(OpenAI, play)), tracer);
process.exit();
