import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { LangChainApp } from './langchain-app.js';
import { OpenInferenceTracer } from './openinference-tracer.js';

const play = readPlay();
await playScenario(play, new LangChainApp(play), new OpenInferenceTracer(play));
