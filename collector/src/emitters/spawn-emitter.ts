import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { EmitterOptions } from './emitter.js';
import type { EmitterName } from './emitters.js';
import type { ScenarioName } from './scenario.js';

/** Where a spawned emitter sends, whom it asks, and as whom. */
export type SpawnOptions = Omit<EmitterOptions, 'scenario'> & {
  readonly emitter: EmitterName;
  readonly scenario?: ScenarioName;
};

/** From `src` as well as from `dist`, it is the compiled file that runs. */
const MAIN = fileURLToPath(new URL('../../dist/emitters/main.js', import.meta.url));

/**
 * Runs an emitter in a process of its own; resolves when its telemetry has left. What the
 * receiver refuses for good is lost, as with any app.
 *
 * @throws Error with the emitter's own error output when it fails
 */
export async function spawnEmitter(options: SpawnOptions): Promise<void> {
  const { emitter, otlpUrl, providerUrl, threadId, userId, scenario = 'travel' } = options;
  const flags = ['--otlp-url', otlpUrl, '--provider-url', providerUrl];
  const ids = ['--thread-id', threadId, '--user-id', userId, '--scenario', scenario];
  // Without stack traces, recorded exceptions hold no path of this machine.
  const args = ['--stack-trace-limit=0', MAIN, emitter, ...flags, ...ids];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: neutralEnvironment(),
  });
  const errors = text(child.stderr);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`emitter ${emitter} ended with ${code}: ${await errors}`);
}

/** Without the OTel settings of whoever starts us, and without what NodeSDK tells of the machine. */
const neutralEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OTEL|TRACELOOP|OPENAI|AI_SDK)_/.test(name)),
  ),
  OTEL_NODE_RESOURCE_DETECTORS: 'none',
  // Numbered attributes of a long history pass the SDK's default of 128, which then drops the rest.
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2000',
});
