import { wrapOpenAI } from '@colloquy/instrumentation-openai';
import { OpenAI } from 'openai';
import type { Play } from '../recorder/play.js';
import { ColloquyTracer } from './colloquy-tracer.js';
import { OpenAiChatApp } from './openai-chat-app.js';
import { openAiClients, type ClientOf } from './openai-clients.js';
import { OpenAiResponsesApp } from './openai-responses-app.js';
import { playScenario } from './player.js';

function watchedClients(play: Play): ClientOf {
  const clientOf = openAiClients(OpenAI, play);
  return (key) => wrapOpenAI(clientOf(key));
}

/** Our instrumentation over Chat Completions. */
export async function runChat(play: Play): Promise<void> {
  const tracer = new ColloquyTracer(play, 'openai-colloquy-chat');
  await playScenario(play, new OpenAiChatApp(watchedClients(play)), tracer);
}

/** Our instrumentation over Responses. */
export async function runResponses(play: Play): Promise<void> {
  const tracer = new ColloquyTracer(play, 'openai-colloquy-responses');
  await playScenario(play, new OpenAiResponsesApp(watchedClients(play)), tracer);
}
