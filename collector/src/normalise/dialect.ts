import type {
  AttributeMap,
  AttributeValue,
  ContentSource,
  GenAi,
  Message,
  ObservationKind,
  SpanEvent,
} from '@colloquy/schema';

/** What content rules read: a span, or a log record seen as one event. */
export interface Subject {
  readonly name: string;
  readonly scopeName: string;
  /** When the span began; a log record has no beginning. */
  readonly startTimeUnixNano?: bigint;
  readonly attributes: AttributeMap;
  readonly events: readonly Pick<SpanEvent, 'name' | 'attributes'>[];
  /** How many attributes the emitter's SDK left out because of its limit, 128 unless raised. */
  readonly droppedAttributesCount: number;
}

/** The scalar fields of {@link GenAi} that attributes map to. */
export type FieldName = Exclude<
  keyof GenAi,
  | 'dialects'
  | 'kind'
  | 'userId'
  | 'tags'
  | 'metadata'
  | 'threadCandidates'
  | 'systemMessages'
  | 'inputMessages'
  | 'outputMessages'
  | 'inputCounts'
  | 'outputCounts'
  | 'systemKey'
  | 'inputKey'
  | 'outputKey'
  | 'ruleVersion'
  | 'inputSource'
  | 'outputSource'
>;

/** An attribute key, or a key whose value needs a reader of its own (another unit, say). */
export type FieldKey =
  | string
  | {
      readonly key: string;
      readonly read: (value: AttributeValue, subject: Subject) => unknown;
    };

/** One place where messages may stand. */
export interface ContentRule {
  readonly source: ContentSource;
  /** The attribute or event it reads; the name of its source stands in for several of them. */
  readonly key?: string;
  /** `undefined` or nothing when the place is empty on this subject. */
  readonly read: (subject: Subject) => readonly Message[] | undefined;
  /** How many of the messages each call has, where the place tells of several. */
  readonly counts?: (subject: Subject) => readonly number[];
}

/** Maps the values of one attribute, compared in lower case, to kinds. */
interface KindRule {
  readonly key: string;
  readonly kinds: Readonly<Record<string, ObservationKind>>;
}

/** One tracer's way of naming things. All of it is data; the engine is `normalise.ts`. */
export interface Dialect {
  readonly name: string;
  /** Attribute keys that give it away; one that ends in a dot is a prefix. */
  readonly marks: readonly string[];
  /** Scope names that give it away. */
  readonly scopes?: readonly RegExp[];
  readonly kinds?: readonly KindRule[];
  /** Span names that give the kind where no attribute does. */
  readonly names?: readonly (readonly [pattern: RegExp, kind: ObservationKind])[];
  /** For each field the attributes that may hold it, best first. */
  readonly fields?: Partial<Readonly<Record<FieldName, readonly FieldKey[]>>>;
  /** Numbered attributes that hold why each answer ended; the number is the first group. */
  readonly finishReasons?: RegExp;
  /** True when the count of input tokens leaves out those read from and written to a cache. */
  readonly countsCacheApart?: true;
  /** True when the API takes JSON objects alone as results of tools; tracers may write them as text. */
  readonly resultsAreObjects?: true;
  readonly system?: readonly ContentRule[];
  readonly input?: readonly ContentRule[];
  readonly output?: readonly ContentRule[];
}
