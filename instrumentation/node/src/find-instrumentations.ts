import { createRequire } from 'node:module';
import { join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { AISdkInstrumentation } from '@colloquy/instrumentation-ai-sdk';
import { AnthropicInstrumentation } from '@colloquy/instrumentation-anthropic';
import { GoogleGenAIInstrumentation } from '@colloquy/instrumentation-google-genai';
import { LangChainInstrumentation } from '@colloquy/instrumentation-langchain';
import { OpenAIInstrumentation } from '@colloquy/instrumentation-openai';
import type { Instrumentation } from '@opentelemetry/instrumentation';

/** Our own, by the names that `OTEL_NODE_DISABLED_INSTRUMENTATIONS` has for them. */
const OWN: Readonly<Record<string, new () => Instrumentation>> = {
  openai: OpenAIInstrumentation,
  anthropic: AnthropicInstrumentation,
  'google-genai': GoogleGenAIInstrumentation,
  langchain: LangChainInstrumentation,
  'ai-sdk': AISdkInstrumentation,
};

/** Those of others that carry threads across services, used where the application has installed them. */
const OTHERS: Readonly<Record<string, readonly [module: string, name: string]>> = {
  http: ['@opentelemetry/instrumentation-http', 'HttpInstrumentation'],
  undici: ['@opentelemetry/instrumentation-undici', 'UndiciInstrumentation'],
  express: ['@opentelemetry/instrumentation-express', 'ExpressInstrumentation'],
  fastify: ['@fastify/otel', 'FastifyOtelInstrumentation'],
};

function load(
  [module, name]: readonly [string, string],
  directory: string,
): readonly Instrumentation[] {
  const require = createRequire(join(directory, 'package.json'));
  try {
    require.resolve(module);
  } catch {
    return [];
  }
  try {
    const { [name]: Found } = require(module) as Record<string, new () => Instrumentation>;
    return Found === undefined ? [] : [new Found()];
  } catch (error) {
    diag.warn(`colloquy: ${module} is installed and cannot be loaded`, error);
    return [];
  }
}

/** The instrumentations to use. @param directory - of the application */
export function findInstrumentations(
  disabled: ReadonlySet<string>,
  directory: string,
): readonly Instrumentation[] {
  const isEnabled = ([name]: readonly [string, unknown]): boolean => !disabled.has(name);
  return [
    ...Object.entries(OWN)
      .filter(isEnabled)
      .map(([, Own]) => new Own()),
    ...Object.entries(OTHERS)
      .filter(isEnabled)
      .flatMap(([, other]) => load(other, directory)),
  ];
}
