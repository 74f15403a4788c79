import { context, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { capturesContent } from './capture.js';
import { isIterable, observe, type Observer } from './observe.js';
import { linkSpan, type Linkable } from './parent.js';
import { withParentMessage } from './scope.js';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_RESPONSE_FINISH_REASONS } from './semconv.js';
import { tracerOf } from './tracked-span.js';
import { guard } from './warn.js';

/** What a wrapped function returns: a stream as it is, anything else as a promise. */
export type Linked<R> = (R extends AsyncIterable<unknown> ? R : Promise<Awaited<R>>) & Linkable;

/** What is told of a run; content is asked for only where it is captured. */
export interface Description {
  readonly name: string;
  readonly attributes: Attributes;
  readonly input: () => Attributes;
  /** @param result - what came of it; of a stream the list of its pieces */
  readonly output: (result: unknown) => Attributes;
  /** What is told of the result whether content is captured or not. */
  readonly usage?: (result: unknown) => Attributes;
}

const errorType = (error: unknown): string => (error instanceof Error ? error.name : '_OTHER');

/** Writes the end of a run on its span. */
function endOf(span: Span, { output, usage }: Description): Observer {
  const pieces: unknown[] = [];
  const captures = capturesContent();
  const end = (result: unknown): void => {
    if (captures) guard(() => span.setAttributes(output(result)));
    if (usage !== undefined) guard(() => span.setAttributes(usage(result)));
    span.end();
  };
  /** What has passed is told; where nothing has, there is nothing to tell. */
  const endEarly = (): void => (pieces.length === 0 ? span.end() : end(pieces));
  return {
    chunk: (piece) => {
      if (captures || usage !== undefined) pieces.push(piece);
    },
    done: (result) => end(pieces.length === 0 ? result : pieces),
    failed: (error) => {
      span.setAttribute(ATTR_ERROR_TYPE, errorType(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      endEarly();
    },
    cancelled: () => {
      span.setAttribute(ATTR_GEN_AI_RESPONSE_FINISH_REASONS, ['cancelled']);
      endEarly();
    },
  };
}

/** Starts what is to be observed; an error thrown at once is one like any other. */
function begin(fn: () => unknown, observer: Observer | undefined): unknown {
  try {
    const result = fn();
    return observer === undefined ? result : observe(result, observer);
  } catch (error) {
    observer?.failed(error);
    return Promise.reject(error);
  }
}

/** Runs a function in a span of its own; what it returns can be tied to a message. */
export function runSpan<R>(describe: () => Description, fn: () => R): Linked<R> {
  const started = guard(() => {
    const description = describe();
    const { name, attributes, input } = description;
    const span = tracerOf().startSpan(name, { attributes });
    if (capturesContent()) guard(() => span.setAttributes(input()));
    return { span, observer: endOf(span, description) };
  });
  const active = context.active();
  const around = started === undefined ? active : trace.setSpan(active, started.span);
  const [inside, parent] = withParentMessage(around, undefined);
  const result = begin(() => context.with(inside, fn), started?.observer);
  const linked = isIterable(result) ? result : Promise.resolve(result);
  const setParent = (messageId: string): unknown => {
    parent.messageId = messageId;
    if (started !== undefined) linkSpan(started.span, messageId);
    return linked;
  };
  return Object.assign(linked, { setParent }) as unknown as Linked<R>;
}
