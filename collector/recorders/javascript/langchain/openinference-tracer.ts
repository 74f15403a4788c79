import { createRequire } from 'node:module';
import { setSession, setUser } from '@arizeai/openinference-core';
import type * as instrumentations from '@arizeai/openinference-instrumentation-langchain';
import * as callbackManager from '@langchain/core/callbacks/manager';
import { context } from '@opentelemetry/api';
import type { Play, PlayThread } from '../../../dist/recorder/play.js';
import { startTracing } from '../../../dist/emitters/telemetry.js';
import { ChainTracer } from './chain-tracer.js';

// As ECMAScript module it asks for a name that the loader does not find in what it imports.
const { LangChainInstrumentation } = createRequire(import.meta.url)(
  '@arizeai/openinference-instrumentation-langchain',
) as typeof instrumentations;

/** OpenInference: thread and user by its context helpers, on every span. */
export class OpenInferenceTracer extends ChainTracer {
  constructor(play: Play) {
    const provider = startTracing('langchain-openinference', play.otlpUrl);
    const hides = play.scenario.capture === false;
    const traceConfig = { hideInputs: hides, hideOutputs: hides };
    const instrumentation = new LangChainInstrumentation({ tracerProvider: provider, traceConfig });
    instrumentation.manuallyInstrument(callbackManager);
    super(play, [provider]);
  }

  override conversation(
    { threadId: sessionId, userId }: PlayThread,
    _asked: unknown,
    run: () => Promise<string>,
  ): Promise<string> {
    return context.with(setUser(setSession(context.active(), { sessionId }), { userId }), run);
  }
}
