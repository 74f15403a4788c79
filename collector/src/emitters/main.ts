import { EMITTERS } from './emitters.js';
import { readPlay } from './player.js';

const USAGE = `usage: main.js <emitter> <play.json>
emitters: ${Object.keys(EMITTERS).join(', ')}`;

const load = EMITTERS[process.argv[2] ?? ''];
if (load === undefined) throw new Error(USAGE);
const run = await load();
await run(readPlay());
// Some SDKs leave timers or watchers behind; by now all telemetry has been flushed.
process.exit();
