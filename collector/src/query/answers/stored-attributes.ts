import type { Contents, GenAiFact, Json, SpanAnswer } from '@colloquy/schema';
import type { Row } from '../../store/gen-ai-columns.js';
import { decodeAttributes } from '../../store/json-value.js';
import { createUnfold } from '../../store/unfold-row.js';

type Attributes = Readonly<Record<string, string>>;

const keep = (text: string): string => text;

/** The attributes of one row with the values that arrived: types restored, references followed. */
export class StoredAttributes {
  /** As stored: OTLP type by `<place>/<key>`. */
  readonly types: Attributes;
  readonly #row: Row;
  readonly #unfold: (text: string) => string;

  constructor(fact: GenAiFact, row: Row, contents: Contents) {
    this.types = row['attribute_types'] as Attributes;
    this.#row = row;
    this.#unfold = createUnfold(fact, contents);
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
