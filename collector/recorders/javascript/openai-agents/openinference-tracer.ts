import { OpenAIAgentsInstrumentation } from '@arizeai/openinference-instrumentation-openai-agents';
import { setSession, setUser } from '@arizeai/openinference-core';
import * as agents from '@openai/agents';
import { context } from '@opentelemetry/api';
import type { Play, PlayThread } from '../../../dist/recorder/play.js';
import { startTracing } from '../../../dist/emitters/telemetry.js';
import { Tracer } from '../../../dist/emitters/tracer.js';

/** OpenInference: thread and user by its context helpers, on every span. */
export class OpenInferenceTracer extends Tracer {
  constructor(play: Play) {
    const tracerProvider = startTracing('agents-openinference', play.otlpUrl);
    const hides = play.scenario.capture === false;
    const traceConfig = { hideInputs: hides, hideOutputs: hides };
    new OpenAIAgentsInstrumentation({ tracerProvider, traceConfig }).manuallyInstrument(agents);
    super(play, [tracerProvider]);
  }

  override conversation(
    { threadId: sessionId, userId }: PlayThread,
    _asked: unknown,
    run: () => Promise<string>,
  ): Promise<string> {
    return context.with(setUser(setSession(context.active(), { sessionId }), { userId }), run);
  }
}
