import { trace, type Tracer } from '@opentelemetry/api';
import { guard } from '@colloquy/threads/instrumentation';
import { APIS, patchCreate } from './patch.js';
import { VERSION } from './version.js';

type Resource = Record<string, unknown>;

const tracerOf = (): Tracer => trace.getTracer('@colloquy/instrumentation-openai', VERSION);

/** Clients that are watched already. */
const watched = new WeakSet<object>();

/**
 * Records the calls of one client: for bundled applications and other places where modules cannot be
 * patched as they are loaded. Returns the client itself.
 */
export function wrapOpenAI<T extends object>(client: T): T {
  if (watched.has(client)) return client;
  watched.add(client);
  for (const api of APIS)
    guard(() => {
      let resource: unknown = client;
      for (const name of api.path) resource = (resource as Resource | undefined)?.[name];
      const { create } = (resource ?? {}) as { create?: Parameters<typeof patchCreate>[0] };
      if (create === undefined) return;
      (resource as Resource)['create'] = patchCreate(create, api, tracerOf).bind(resource);
    });
  return client;
}
