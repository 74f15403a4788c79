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

// As CommonJS: the namespace of an ES module cannot be patched.
const load = createRequire(import.meta.url);
const gemini = { ...(load('@google/genai') as typeof genai) };

interface Sdk {
  /** What instrumentations patch. */
  readonly modules: unknown;
  readonly createApp: (play: Play) => App<never>;
}

const anthropicSdk = (name: string): Sdk => {
  const modules = load(name) as { readonly Anthropic: typeof Anthropic };
  return {
    modules,
    createApp: (play) => new AnthropicApp(anthropicService(modules.Anthropic, play)) as App<never>,
  };
};

const SDKS: Readonly<Record<string, Sdk>> = {
  anthropic: anthropicSdk('@anthropic-ai/sdk'),
  'anthropic-0': anthropicSdk('anthropic-0'),
  converse: { modules: bedrock, createApp: (play) => new ConverseApp(play) as App<never> },
  invoke: {
    modules: bedrock,
    createApp: (play) => new AnthropicApp(bedrockInvoke(play)) as App<never>,
  },
  genai: { modules: gemini, createApp: (play) => new GenAiApp(gemini, play) as App<never> },
};

const [sdk = '', tracer = ''] = process.argv.slice(2);
const { modules, createApp } = SDKS[sdk] as Sdk;
const play = readPlay();
const started = new TRACERS[tracer as keyof typeof TRACERS](play, sdk, modules);
await playScenario(play, createApp(play), started);
process.exit();
