import { context, trace, type Tracer } from '@opentelemetry/api';
import { Generation, type ResponseReader } from '@colloquy/instrumentation-core';
import { observe, once } from '@colloquy/threads/instrumentation';
import { modelReader } from './answer.js';
import { fieldsOf } from './fields.js';
import { asRecorded, isRecorded } from './recorded.js';
import { modelRequest, type ModelCall } from './request.js';
import { tapStream } from './tap-stream.js';
import { VERSION } from './version.js';

export type TracerOf = () => Tracer;

export const globalTracer: TracerOf = () =>
  trace.getTracer('@colloquy/instrumentation-ai-sdk', VERSION);

/** The span of a call; none where it is told already. */
export const startCall = (
  call: ModelCall,
  tracerOf: TracerOf,
  reader: ResponseReader = modelReader,
): Generation | undefined =>
  isRecorded() ? undefined : Generation.start(tracerOf(), () => modelRequest(call), reader);

/** Makes a call that is answered whole. */
export async function recordGenerate<R>(
  call: ModelCall,
  tracerOf: TracerOf,
  doGenerate: () => PromiseLike<R>,
): Promise<R> {
  const generation = startCall(call, tracerOf);
  if (generation === undefined) return doGenerate();
  const inside = asRecorded(generation.context);
  return observe(
    context.with(inside, async () => doGenerate()),
    generation,
  );
}

/** Makes a call that is answered in a stream. */
export async function recordStream<P, R extends { readonly stream: ReadableStream<P> }>(
  call: ModelCall,
  tracerOf: TracerOf,
  doStream: () => PromiseLike<R>,
): Promise<R> {
  const generation = startCall(call, tracerOf);
  if (generation === undefined) return doStream();
  const observer = once(generation);
  const { abortSignal: signal } = fieldsOf(call.params);
  try {
    const result = await context.with(asRecorded(generation.context), doStream);
    return { ...result, stream: tapStream(result.stream, observer, signal) };
  } catch (error) {
    observer.failed(error);
    throw error;
  }
}
