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
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  capturesContent,
  contextAttributes,
  guard,
  linkSpan,
  type Observer,
} from '@colloquy/threads/instrumentation';
import { endCancelled, endFailed } from './end-span.js';
import { joinLink } from './link.js';
import { ATTR_GEN_AI_REQUEST_STREAM, ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK } from './semconv.js';

/** What a model is asked. */
export interface GenerationRequest {
  /** As the conventions name it: `chat`, `embeddings`, `generate_content`. */
  readonly operation: string;
  readonly provider: string;
  readonly model: string;
  readonly attributes: Attributes;
  /** What is recorded only where content is captured. */
  readonly content: () => Attributes;
}

/** What a model answers. */
export interface GenerationResponse {
  readonly attributes: Attributes;
  readonly content: () => Attributes;
}

/** Puts the pieces of a streamed answer together. */
export interface Collector {
  add(piece: unknown): void;
  /** The answer as far as it has come. */
  response(): GenerationResponse;
}

/** How the answers of one API are read. */
export interface ResponseReader {
  read(answer: unknown): GenerationResponse;
  collect(): Collector;
}

/** The span of one model call. Its methods never throw. */
export class Generation implements Observer {
  /** To make the call in: what the SDK does below is then part of it. */
  readonly context: Context;
  readonly #span: Span;
  readonly #reader: ResponseReader;
  readonly #startedAt = performance.now();
  #collector: Collector | undefined;

  private constructor(span: Span, reader: ResponseReader) {
    this.#span = span;
    this.#reader = reader;
    this.context = trace.setSpan(context.active(), span);
  }

  /** `undefined` when the request cannot be described; then the call goes on without a span. */
  static start(
    tracer: Tracer,
    describe: () => GenerationRequest,
    reader: ResponseReader,
  ): Generation | undefined {
    return guard(() => {
      const { operation, provider, model, attributes, content } = describe();
      const span = tracer.startSpan(model === '' ? operation : `${operation} ${model}`, {
        kind: SpanKind.CLIENT,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: operation,
          [ATTR_GEN_AI_PROVIDER_NAME]: provider,
          ...(model !== '' && { [ATTR_GEN_AI_REQUEST_MODEL]: model }),
          ...attributes,
          ...contextAttributes(context.active()),
        },
      });
      if (capturesContent()) guard(() => span.setAttributes(content()));
      const generation = new Generation(span, reader);
      joinLink(generation, context.active());
      return generation;
    });
  }

  /** Ties the call to the message that set it off. */
  setParent(messageId: string): void {
    linkSpan(this.#span, messageId);
  }

  chunk(piece: unknown): void {
    if (this.#collector === undefined) {
      this.#collector = this.#reader.collect();
      const seconds = (performance.now() - this.#startedAt) / 1_000;
      this.#span.setAttributes({
        [ATTR_GEN_AI_REQUEST_STREAM]: true,
        [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: seconds,
      });
    }
    this.#collector.add(piece);
  }

  /**
   * @param answer - the whole of it; `undefined` of a stream that was told in pieces, and where the
   * application reads the raw response itself
   */
  done(answer: unknown): void {
    if (answer === undefined) this.#tellPart();
    else guard(() => this.#tell(this.#reader.read(answer)));
    this.#span.end();
  }

  failed(error: unknown): void {
    this.#tellPart();
    endFailed(this.#span, error);
  }

  cancelled(): void {
    this.#tellPart();
    endCancelled(this.#span);
  }

  /** What of a stream has come before it broke off. */
  #tellPart(): void {
    guard(() => {
      if (this.#collector !== undefined) this.#tell(this.#collector.response());
    });
  }

  #tell({ attributes, content }: GenerationResponse): void {
    this.#span.setAttributes(attributes);
    if (capturesContent()) this.#span.setAttributes(content());
  }
}
