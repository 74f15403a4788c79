import type { Contents, GenAiFact, Json, Message, SpanAnswer } from '@colloquy/schema';
import { referencesOf, unfoldText } from '../../store/fold.js';
import type { Row } from '../../store/gen-ai-columns.js';
import { decodeAttributes } from '../../store/json-value.js';

type Attributes = Readonly<Record<string, string>>;

/** Keeps the place of a content that is gone, so that references to the others still lead there. */
const GONE: Message = { role: '', parts: [] };

const keep = (text: string): string => text;

/** The attributes of one row with the values that arrived: types restored, references followed. */
export class StoredAttributes {
  /** As stored: OTLP type by `<place>/<key>`. */
  readonly types: Attributes;
  readonly #row: Row;
  readonly #unfold: (text: string) => string;

  constructor(fact: GenAiFact, row: Row, contents: Contents) {
    const side = (hashes: readonly string[]): readonly Message[] =>
      hashes.map((hash) => contents.get(hash) ?? GONE);
    const references = referencesOf({
      i: side(fact.inputHashes),
      o: side(fact.outputHashes),
      s: side(fact.systemHashes),
    });
    this.types = row['attribute_types'] as Attributes;
    this.#row = row;
    this.#unfold = (text) => unfoldText(text, references);
  }

  /** Attributes whose texts may stand for message content. */
  folded(attributes: unknown, place: string): Record<string, Json> {
    return this.#decode(attributes, place, this.#unfold);
  }

  /** Attributes that are stored as they came. */
  plain(attributes: unknown, place: string): Record<string, Json> {
    return this.#decode(attributes, place, keep);
  }

  /** The fields that spans and log records share. */
  common(): Pick<SpanAnswer, 'resource' | 'scope' | 'attributes' | 'attribute_types'> {
    const row = this.#row;
    return {
      resource: {
        schema_url: row['resource_schema_url'] as string,
        attributes: this.plain(row['resource_attributes'], 'resource'),
      },
      scope: {
        name: row['scope_name'] as string,
        version: row['scope_version'] as string,
        schema_url: row['scope_schema_url'] as string,
        attributes: this.plain(row['scope_attributes'], 'scope'),
      },
      attributes: this.folded(row['attributes'], ''),
      attribute_types: this.types,
    };
  }

  #decode(
    attributes: unknown,
    place: string,
    unfold: (text: string) => string,
  ): Record<string, Json> {
    return decodeAttributes(attributes as Attributes, place, this.types, unfold) as Record<
      string,
      Json
    >;
  }
}
