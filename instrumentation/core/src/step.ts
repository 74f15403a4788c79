import {
  context,
  SpanKind,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import {
  capturesContent,
  contextAttributes,
  guard,
  linkSpan,
  type Observer,
} from '@colloquy/threads/instrumentation';
import { endCancelled, endFailed } from './end-span.js';
import type { GenerationResponse } from './generation.js';

/** What is done around model calls: a tool, a retrieval, an agent, a workflow. */
export interface StepRequest {
  readonly name: string;
  /** @default `SpanKind.INTERNAL` */
  readonly kind?: SpanKind;
  readonly attributes: Attributes;
  /** What is recorded only where content is captured. */
  readonly content: () => Attributes;
}

/** How the result of a step is told. */
export type ReadResult = (result: unknown) => GenerationResponse;

/** The span of one step around model calls. Its methods never throw. */
export class Step implements Observer {
  /** To take the step in: what is done below is then part of it. */
  readonly context: Context;
  readonly #span: Span;
  readonly #read: ReadResult;

  private constructor(span: Span, read: ReadResult) {
    this.#span = span;
    this.#read = read;
    this.context = trace.setSpan(context.active(), span);
  }

  /** `undefined` when the step cannot be described; then it goes on without a span. */
  static start(tracer: Tracer, describe: () => StepRequest, read: ReadResult): Step | undefined {
    return guard(() => {
      const { name, kind = SpanKind.INTERNAL, attributes, content } = describe();
      const span = tracer.startSpan(name, {
        kind,
        attributes: { ...attributes, ...contextAttributes(context.active()) },
      });
      if (capturesContent()) guard(() => span.setAttributes(content()));
      return new Step(span, read);
    });
  }

  /** Ties the step to the message that set it off. */
  setParent(messageId: string): void {
    linkSpan(this.#span, messageId);
  }

  /** @param result - `undefined` where there is nothing to tell of it */
  done(result: unknown): void {
    if (result !== undefined)
      guard(() => {
        const { attributes, content } = this.#read(result);
        this.#span.setAttributes(attributes);
        if (capturesContent()) this.#span.setAttributes(content());
      });
    this.#span.end();
  }

  failed(error: unknown): void {
    endFailed(this.#span, error);
  }

  cancelled(): void {
    endCancelled(this.#span);
  }
}
