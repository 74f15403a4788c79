/* Plays Mastra under its own exporter: `main.ts <play.json>`. */
import { playScenario, readPlay } from '../../../dist/emitters/player.js';

process.env['MASTRA_TELEMETRY_DISABLED'] = '1';
const { stackTraceLimit } = Error;
// The loader of CommonJS packages reads the stack, which the recorder switches off.
Error.stackTraceLimit = 10;
const { MastraApp } = await import('./mastra-app.js');
const { MastraTracer } = await import('./mastra-tracer.js');
Error.stackTraceLimit = stackTraceLimit;
const play = readPlay();
const tracer = new MastraTracer(play);
await playScenario(play, new MastraApp(play, tracer.observability), tracer);
