/* Plays LangChain under one of its tracers: `main.ts <name of TRACERS> <play.json>`. */
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import { TRACERS } from './tracers.js';

const play = readPlay();
const tracer = await TRACERS[process.argv[2] as keyof typeof TRACERS](play);
// Only now, as some tracers patch what is loaded after them.
const { LangChainApp } = await import('./langchain-app.js');
await playScenario(play, new LangChainApp(play, tracer), tracer);
process.exit();
