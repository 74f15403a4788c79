import type {
  AttributeMap,
  AttributeValue,
  LogRecord,
  MaskingSettings,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanLink,
} from '@colloquy/schema';
import { createFieldTest, type IdFields } from './id-fields.js';
import { rewrite } from './rewrite.js';
import type { Replacement, Style, TextMasker } from './text-masker.js';

/** No secret is shorter, and most attributes are. */
const MIN_LENGTH = 4;

/** The same array where nothing in it became another. */
function mapped<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = items.map(change);
  return changed.some((item, index) => item !== items[index]) ? changed : items;
}

export interface TelemetryMaskerOptions {
  readonly texts: TextMasker;
  readonly ids: MaskingSettings['ids'];
  readonly idFields: IdFields;
  /** Told of each replacement, by the name of what found it. */
  readonly onMasked: (name: string) => void;
}

/** Takes secrets out of all texts of spans and log records; what has none is given back as it came. */
export class TelemetryMasker {
  readonly #options: TelemetryMaskerOptions;
  readonly #isInId: (source: string, index: number) => boolean;
  /** Keys of attributes without anything to mask. */
  readonly #keys = new Set<string>();
  readonly #resources = new Map<Resource, Resource>();
  readonly #scopes = new Map<Scope, Scope>();

  /** For the records of one batch: those that share a resource still do afterwards. */
  constructor(options: TelemetryMaskerOptions) {
    this.#options = options;
    this.#isInId = createFieldTest(options.idFields.names);
  }

  span(span: Span): Span {
    return {
      ...span,
      resource: this.#resource(span.resource),
      scope: this.#scope(span.scope),
      traceState: this.#text(span.traceState),
      name: this.#text(span.name),
      attributes: this.#attributes(span.attributes),
      events: mapped(span.events, (event) => this.#event(event)),
      links: mapped(span.links, (link) => this.#link(link)),
      statusMessage: this.#text(span.statusMessage),
    };
  }

  log(log: LogRecord): LogRecord {
    return {
      ...log,
      resource: this.#resource(log.resource),
      scope: this.#scope(log.scope),
      severityText: this.#text(log.severityText),
      eventName: this.#text(log.eventName),
      body: this.#value(log.body),
      attributes: this.#attributes(log.attributes),
    };
  }

  #event(event: SpanEvent): SpanEvent {
    const name = this.#text(event.name);
    const attributes = this.#attributes(event.attributes);
    const isSame = name === event.name && attributes === event.attributes;
    return isSame ? event : { ...event, name, attributes };
  }

  #link(link: SpanLink): SpanLink {
    const traceState = this.#text(link.traceState);
    const attributes = this.#attributes(link.attributes);
    const isSame = traceState === link.traceState && attributes === link.attributes;
    return isSame ? link : { ...link, traceState, attributes };
  }

  #resource(resource: Resource): Resource {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const masked = { ...resource, attributes: this.#attributes(resource.attributes) };
    this.#resources.set(resource, masked);
    return masked;
  }

  #scope(scope: Scope): Scope {
    const known = this.#scopes.get(scope);
    if (known !== undefined) return known;
    const masked = {
      ...scope,
      name: this.#text(scope.name),
      version: this.#text(scope.version),
      attributes: this.#attributes(scope.attributes),
    };
    this.#scopes.set(scope, masked);
    return masked;
  }

  #attributes(attributes: AttributeMap): AttributeMap {
    return this.#map(attributes, (key, value) => this.#attribute(key, value));
  }

  #attribute(key: string, value: AttributeValue): AttributeValue {
    const { ids, idFields } = this.#options;
    if (idFields.attributes.has(key))
      return ids === 'keep' || typeof value !== 'string' ? value : this.#text(value, 'pseudonym');
    if (idFields.addresses.has(key) && typeof value === 'string')
      return this.#text(value, 'pseudonym');
    if (idFields.containers.has(key)) return this.#container(value);
    // Counts and sizes are numbers that a pattern could take for something else.
    const isNumber = typeof value === 'bigint' || typeof value === 'number';
    return isNumber ? this.#number(value, 'known') : this.#value(value);
  }

  /** Metadata, in which ids are treated as ids. */
  #container(value: AttributeValue): AttributeValue {
    const { ids, idFields } = this.#options;
    if (typeof value === 'string') {
      if (ids === 'mask') return this.#text(value, 'pseudonym');
      return this.#text(value, undefined, ({ start }) => !this.#isInId(value, start));
    }
    if (!(value instanceof Map)) return this.#value(value);
    return this.#map(value as AttributeMap, (key, item) => {
      if (!idFields.names.includes(key) || typeof item !== 'string') return this.#value(item);
      return ids === 'keep' ? item : this.#text(item, 'pseudonym');
    });
  }

  #value(value: AttributeValue): AttributeValue {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'bigint' || typeof value === 'number') return this.#number(value, 'any');
    if (value instanceof Map)
      return this.#map(value as AttributeMap, (_key, item) => this.#value(item));
    return Array.isArray(value)
      ? mapped(value as readonly AttributeValue[], (item) => this.#value(item))
      : value;
  }

  /** Keys always take pseudonyms: two must not become one. */
  #map(
    map: AttributeMap,
    change: (key: string, value: AttributeValue) => AttributeValue,
  ): AttributeMap {
    let isSame = true;
    const entries = Array.from(map, ([key, value]): [string, AttributeValue] => {
      const entry: [string, AttributeValue] = [this.#key(key), change(key, value)];
      isSame &&= entry[0] === key && entry[1] === value;
      return entry;
    });
    return isSame ? map : new Map(entries);
  }

  #key(key: string): string {
    if (this.#keys.has(key)) return key;
    const masked = this.#text(key, 'pseudonym');
    if (masked === key) this.#keys.add(key);
    return masked;
  }

  /** As a number in JSON would be: masked where all of it is found, and then a text. */
  #number(value: bigint | number, finders: 'any' | 'known'): AttributeValue {
    const found = this.#options.texts.findNumber(value, finders);
    if (found === undefined) return value;
    this.#options.onMasked(found.name);
    return found.token;
  }

  #text(
    text: string,
    style?: Style,
    isMeant: (replacement: Replacement) => boolean = () => true,
  ): string {
    if (text.length < MIN_LENGTH) return text;
    const found = this.#options.texts.find(text, style).filter(isMeant);
    for (const { name } of found) this.#options.onMasked(name);
    return rewrite(text, found);
  }
}
