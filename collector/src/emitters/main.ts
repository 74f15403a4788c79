import { parseArgs } from 'node:util';
import { EMITTERS, EMITTER_NAMES, type EmitterName } from './emitters.js';
import { SCENARIOS, type ScenarioName } from './scenario.js';

const USAGE = `usage: main.js <emitter> --otlp-url URL --provider-url URL --thread-id ID --user-id ID [--scenario travel|long]
emitters: ${EMITTER_NAMES.join(', ')}`;

const isEmitter = (name: string | undefined): name is EmitterName =>
  name !== undefined && Object.hasOwn(EMITTERS, name);

/** Runs one emitter with the scenario. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'otlp-url': { type: 'string', default: 'http://127.0.0.1:4318' },
      'provider-url': { type: 'string' },
      'thread-id': { type: 'string', default: 'thread-1' },
      'user-id': { type: 'string', default: 'user-1' },
      scenario: { type: 'string', default: 'travel' },
    },
  });
  const [name] = positionals;
  const providerUrl = values['provider-url'];
  if (!isEmitter(name) || providerUrl === undefined) throw new Error(USAGE);
  const { run } = await EMITTERS[name].load();
  await run({
    otlpUrl: values['otlp-url'],
    providerUrl,
    threadId: values['thread-id'],
    userId: values['user-id'],
    scenario: SCENARIOS[values.scenario as ScenarioName],
  });
}

await main();
// Some SDKs leave timers or watchers behind; by now all telemetry has been flushed.
process.exit();
