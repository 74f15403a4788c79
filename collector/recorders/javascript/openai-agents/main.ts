/* Plays OpenAI's Agents SDK under OpenInference: `main.ts <play.json>`. */
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { AgentsApp } from './agents-app.js';
import { OpenInferenceTracer } from './openinference-tracer.js';

const play = readPlay();
await playScenario(play, new AgentsApp(play), new OpenInferenceTracer(play));
