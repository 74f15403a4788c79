import { SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

/** Makes nothing until {@link startOwnTraces} has been called in this thread. */
export const TRACER = trace.getTracer('colloquy');

/** The kind of an error: its message might quote content. */
const errorType = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Does work within a span of our own. @param attributes - counts and kinds, never content */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  const span = TRACER.startSpan(name, { attributes });
  try {
    return await work();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error));
    throw error;
  } finally {
    span.end();
  }
}
