import { watchClient } from '@colloquy/instrumentation-core';
import { trace } from '@opentelemetry/api';
import { METHODS } from './methods.js';
import { VERSION } from './version.js';

/**
 * Records the calls of one client, also of those for Bedrock and Vertex AI: for bundled applications and
 * other places where modules cannot be patched as they are loaded. Returns the client itself.
 */
export const wrapAnthropic = <T extends object>(client: T): T =>
  watchClient(client, METHODS, () =>
    trace.getTracer('@colloquy/instrumentation-anthropic', VERSION),
  );
