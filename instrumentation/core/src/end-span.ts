import { SpanStatusCode, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  guard,
} from '@colloquy/threads/instrumentation';

/** The HTTP status where a provider gave one, else the name of the error's class. */
const errorType = (error: unknown): string => {
  if (!(error instanceof Error)) return '_OTHER';
  const { statusCode, status = statusCode } = error as { status?: unknown; statusCode?: unknown };
  return typeof status === 'number' ? String(status) : error.constructor.name;
};

/** Ends the span of what has failed. */
export function endFailed(span: Span, error: unknown): void {
  guard(() => span.setAttribute(ATTR_ERROR_TYPE, errorType(error)));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Ends the span of what was left before its end. */
export function endCancelled(span: Span): void {
  span.setAttribute(ATTR_GEN_AI_RESPONSE_FINISH_REASONS, ['cancelled']);
  span.end();
}
