/* Plays OpenAI's SDK under LangSmith: `main.ts <play.json>`. */
import { OpenAI } from 'openai';
import { Client } from 'langsmith';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { traceable } from 'langsmith/traceable';
import { wrapOpenAI } from 'langsmith/wrappers';
import { OpenAiChatApp } from '../../../dist/emitters/openai-chat-app.js';
import { openAiClients } from '../../../dist/emitters/openai-clients.js';
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { Tracer } from '../../../dist/emitters/tracer.js';
import type { Play } from '../../../dist/recorder/play.js';

const play = readPlay();
process.env['LANGSMITH_TRACING'] = 'true';
process.env['LANGSMITH_OTEL_ENABLED'] = 'true';
const hides = play.scenario.capture === false;
const client = new Client({
  apiKey: 'key',
  apiUrl: play.otlpUrl,
  hideInputs: hides,
  hideOutputs: hides,
});
const { DEFAULT_LANGSMITH_SPAN_PROCESSOR: processor } = initializeOTEL({
  exporterConfig: { url: `${play.otlpUrl}/v1/traces`, headers: { 'x-api-key': 'key' } },
});

/** Runs as OTel spans. A thread is what runs with the same `session_id` in their metadata make. */
class LangSmith extends Tracer {
  constructor(played: Play) {
    super(played, [processor]);
  }

  override async flush(): Promise<void> {
    await client.flush();
    await client.awaitPendingTraceBatches();
    await super.flush();
  }

  override conversation(
    { threadId: session_id, userId: user_id }: Parameters<Tracer['conversation']>[0],
    asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    const answer = traceable((_asked: string | undefined) => run(), {
      name: 'answer',
      client,
      metadata: { session_id, user_id },
    });
    return answer(asked);
  }

  override tool(
    { name, arguments: input }: Parameters<Tracer['tool']>[0],
    run: Parameters<Tracer['tool']>[1],
  ): ReturnType<Tracer['tool']> {
    return traceable((_input: typeof input) => run(), { name, client, run_type: 'tool' })(input);
  }
}

const clientOf = openAiClients(OpenAI, play);
const app = new OpenAiChatApp((key) => wrapOpenAI(clientOf(key), { client }));
await playScenario(play, app, new LangSmith(play));
process.exit();
