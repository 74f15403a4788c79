import { playScenario, readPlay } from '../../../dist/emitters/player.js';

const { stackTraceLimit } = Error;
// The loader of CommonJS packages reads the stack, which the recorder switches off.
Error.stackTraceLimit = 10;
const { GenkitApp } = await import('./genkit-app.js');
const { GenkitTracer } = await import('./genkit-tracer.js');
Error.stackTraceLimit = stackTraceLimit;
const play = readPlay();
await playScenario(play, new GenkitApp(play), new GenkitTracer(play));
