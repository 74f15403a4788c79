import { createRequire } from 'node:module';
import { setSession, setUser } from '@arizeai/openinference-core';
import type * as openInferenceAnthropic from '@arizeai/openinference-instrumentation-anthropic';
import type * as openInferenceBedrock from '@arizeai/openinference-instrumentation-bedrock';
import { AnthropicInstrumentation } from '@colloquy/instrumentation-anthropic';
import { GoogleGenAIInstrumentation } from '@colloquy/instrumentation-google-genai';
import { context } from '@opentelemetry/api';
import type * as traceloopAnthropic from '@traceloop/instrumentation-anthropic';
import type * as traceloopBedrock from '@traceloop/instrumentation-bedrock';
import type * as traceloopGenAi from '@traceloop/instrumentation-google-generativeai';
import { ColloquyTracer } from '../../../dist/emitters/colloquy-tracer.js';
import { startTracing } from '../../../dist/emitters/telemetry.js';
import { Tracer } from '../../../dist/emitters/tracer.js';
import type { Play, PlayThread } from '../../../dist/recorder/play.js';

// As CommonJS: what they depend on does not load as ES modules.
const load = createRequire(import.meta.url);

/** What all instrumentations can, each with its own SDK. */
interface Instrumentation {
  manuallyInstrument(sdk: never): void;
  setTracerProvider(provider: never): void;
}

const bedrockOpenInference = (tells: boolean): Instrumentation => {
  const { BedrockInstrumentation } = load(
    '@arizeai/openinference-instrumentation-bedrock',
  ) as typeof openInferenceBedrock;
  return new BedrockInstrumentation({ traceConfig: hide(!tells) });
};

const bedrockTraceloop = (traceContent: boolean): Instrumentation => {
  const { BedrockInstrumentation } = load(
    '@traceloop/instrumentation-bedrock',
  ) as typeof traceloopBedrock;
  return new BedrockInstrumentation({ traceContent });
};

const hide = (hides: boolean) => ({ hideInputs: hides, hideOutputs: hides });

type Create = (tells: boolean) => Instrumentation;

const OPENINFERENCE: Readonly<Record<string, Create>> = {
  anthropic: (tells) => {
    const { AnthropicInstrumentation } = load(
      '@arizeai/openinference-instrumentation-anthropic',
    ) as typeof openInferenceAnthropic;
    return new AnthropicInstrumentation({ traceConfig: hide(!tells) });
  },
  converse: bedrockOpenInference,
  invoke: bedrockOpenInference,
};

const TRACELOOP: Readonly<Record<string, Create>> = {
  'anthropic-0': (traceContent) => {
    const { AnthropicInstrumentation } = load(
      '@traceloop/instrumentation-anthropic',
    ) as typeof traceloopAnthropic;
    return new AnthropicInstrumentation({ traceContent });
  },
  invoke: bedrockTraceloop,
  genai: (traceContent) => {
    const { GenAIInstrumentation } = load(
      '@traceloop/instrumentation-google-generativeai',
    ) as typeof traceloopGenAi;
    return new GenAIInstrumentation({ traceContent });
  },
};

/** Starts tracing and patches the SDK. */
function start(play: Play, create: Create | undefined, modules: () => unknown) {
  if (create === undefined) throw new Error('this tracer knows no such SDK');
  const provider = startTracing('chat-service', play.otlpUrl);
  const instrumentation = create(play.scenario.capture ?? true);
  instrumentation.setTracerProvider(provider as never);
  instrumentation.manuallyInstrument(modules() as never);
  return provider;
}

/** OpenInference: thread and user by its context helpers, on every span. */
class OpenInference extends Tracer {
  constructor(play: Play, sdk: string, modules: () => unknown) {
    super(play, [start(play, OPENINFERENCE[sdk], modules)]);
  }

  override conversation(
    { threadId: sessionId, userId }: PlayThread,
    _asked: string | undefined,
    run: () => Promise<string>,
  ): Promise<string> {
    return context.with(setUser(setSession(context.active(), { sessionId }), { userId }), run);
  }
}

/** OpenLLMetry's instrumentations without Traceloop's SDK: the app says the thread on its root span. */
class Traceloop extends Tracer {
  constructor(play: Play, sdk: string, modules: () => unknown) {
    super(play, [start(play, TRACELOOP[sdk], modules)]);
  }
}

const COLLOQUY: Readonly<Record<string, () => unknown>> = {
  anthropic: () => new AnthropicInstrumentation(),
  genai: () => new GoogleGenAIInstrumentation(),
};

/** Our own instrumentations, which patch what is loaded after them. */
class Colloquy extends ColloquyTracer {
  constructor(play: Play, sdk: string) {
    super(play, `${sdk}-colloquy`);
    COLLOQUY[sdk]?.();
  }
}

export const TRACERS = {
  colloquy: Colloquy,
  openinference: OpenInference,
  traceloop: Traceloop,
};
