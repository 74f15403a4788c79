import type {
  Attributes,
  AttributeValue,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import { toUnixNano } from './nano-time.js';

/** Something that happened during a span. */
export interface RecordedEvent {
  readonly name: string;
  readonly timeUnixNano: bigint;
  readonly attributes: Attributes;
}

/** What a span is started with. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  readonly startTime: TimeInput | undefined;
}

const isTime = (value: unknown): value is TimeInput =>
  typeof value === 'number' || Array.isArray(value) || value instanceof Date;

const exceptionAttributes = (exception: Exception): Attributes => {
  if (typeof exception === 'string') return { 'exception.message': exception };
  const { code, name, message, stack } = exception;
  const type = code ?? name;
  return {
    ...(type !== undefined && { 'exception.type': String(type) }),
    ...(message !== undefined && { 'exception.message': message }),
    ...(stack !== undefined && { 'exception.stacktrace': stack }),
  };
};

/** A span of OpenTelemetry's API that keeps what it is told until it ends. */
export class RecordedSpan implements Span {
  name: string;
  readonly kind: SpanKind;
  readonly parent: SpanContext | undefined;
  readonly attributes: Attributes = {};
  readonly links: Link[];
  readonly events: RecordedEvent[] = [];
  readonly startTimeUnixNano: bigint;
  endTimeUnixNano = 0n;
  status: SpanStatus = { code: 0 };
  readonly #context: SpanContext;
  readonly #onEnd: (span: RecordedSpan) => void;
  readonly #startedAt = performance.now();
  #isEnded = false;

  constructor(start: SpanStart, onEnd: (span: RecordedSpan) => void) {
    this.name = start.name;
    this.kind = start.kind;
    this.parent = start.parent;
    this.links = [...start.links];
    this.startTimeUnixNano = toUnixNano(start.startTime ?? Date.now());
    this.#context = start.context;
    this.#onEnd = onEnd;
    this.setAttributes(start.attributes);
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (!this.#isEnded) this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.#isEnded) Object.assign(this.attributes, attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isEnded) return this;
    const [attributes, at] = isTime(attributesOrTime)
      ? [{}, attributesOrTime]
      : [attributesOrTime ?? {}, time];
    this.events.push({ name, attributes, timeUnixNano: this.#timeOf(at) });
    return this;
  }

  addLink(link: Link): this {
    return this.addLinks([link]);
  }

  addLinks(links: Link[]): this {
    if (!this.#isEnded) this.links.push(...links);
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (!this.#isEnded) this.status = { ...status };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isEnded) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', exceptionAttributes(exception), time);
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  end(endTime?: TimeInput): void {
    if (this.#isEnded) return;
    this.endTimeUnixNano = this.#timeOf(endTime);
    this.#isEnded = true;
    this.#onEnd(this);
  }

  /** Now is told from the start on, for clocks may be set back meanwhile. */
  #timeOf(time: TimeInput | undefined): bigint {
    if (time !== undefined) return toUnixNano(time);
    const elapsedMs = performance.now() - this.#startedAt;
    return this.startTimeUnixNano + BigInt(Math.round(elapsedMs * 1_000_000));
  }
}
