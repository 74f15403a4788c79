/* Plays one SDK under one tracer: `main.ts <sdk> <tracer> <play.json>`. */
import { createRequire } from 'node:module';
import type { Anthropic } from '@anthropic-ai/sdk';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import type * as genai from '@google/genai';
import type { App } from '../../../dist/emitters/app.js';
import { playScenario, readPlay } from '../../../dist/emitters/player.js';
import type { Play } from '../../../dist/recorder/play.js';
import { AnthropicApp, anthropicService } from './anthropic-app.js';
import { ConverseApp } from './bedrock-converse-app.js';
import { bedrockInvoke } from './bedrock-invoke.js';
import { GenAiApp } from './genai-app.js';
import { TRACERS } from './tracers.js';

const require = createRequire(import.meta.url);

/**
 * As CommonJS: the namespace of an ES module cannot be patched. Hooks of `require` hear of it only where
 * tsx finds a stack, and recorders run without.
 */
function load(name: string): unknown {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 10;
  try {
    return require(name);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

interface Sdk {
  /** What instrumentations patch. */
  readonly load: () => unknown;
  readonly createApp: (play: Play, modules: never) => App<never>;
}

const anthropicSdk = (name: string): Sdk => ({
  load: () => load(name),
  createApp: (play, modules: { readonly Anthropic: typeof Anthropic }) =>
    new AnthropicApp(anthropicService(modules.Anthropic, play)) as App<never>,
});

const SDKS: Readonly<Record<string, Sdk>> = {
  anthropic: anthropicSdk('@anthropic-ai/sdk'),
  'anthropic-0': anthropicSdk('anthropic-0'),
  converse: { load: () => bedrock, createApp: (play) => new ConverseApp(play) as App<never> },
  invoke: {
    load: () => bedrock,
    createApp: (play) => new AnthropicApp(bedrockInvoke(play)) as App<never>,
  },
  genai: {
    load: () => ({ ...(load('@google/genai') as typeof genai) }),
    createApp: (play, modules: typeof genai) => new GenAiApp(modules, play) as App<never>,
  },
};

const [name = '', tracer = ''] = process.argv.slice(2);
const sdk = SDKS[name] as Sdk;
let loaded: unknown;
/** Loaded by the tracers that patch by hand, and after those that patch what is loaded. */
const modules = (): unknown => (loaded ??= sdk.load());
const play = readPlay();
const started = new TRACERS[tracer as keyof typeof TRACERS](play, name, modules);
await playScenario(play, sdk.createApp(play, modules() as never), started);
process.exit();
