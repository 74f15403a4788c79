import protobuf from 'protobufjs/minimal.js';
import type { UnixNano } from '@colloquy/schema';
import { TEXTS } from '../../text-memory.js';
import { ItemRejection, MAX_VALUE_DEPTH, MAX_VALUES, TOO_MANY_VALUES } from './items.js';

/** @see https://protobuf.dev/programming-guides/encoding/#structure */
const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/** Field number and wire type make a tag; one of a known field with another type is skipped. */
export const varint = (field: number): number => (field << 3) | VARINT;
export const fixed64 = (field: number): number => (field << 3) | FIXED_64;
export const delimited = (field: number): number => (field << 3) | DELIMITED;
export const fixed32 = (field: number): number => (field << 3) | FIXED_32;

/** By tag, what to do with the field's value; a tag that is not named here is skipped. */
export type MessageFields<Into> = Readonly<Record<number, (wire: WireReader, into: Into) => void>>;

/** protobufjs reads the wire's primitives; what a message means stands in `MessageFields`. */
export class WireReader extends protobuf.BufferReader {
  readonly #bytes: Buffer;
  readonly #dataView: DataView;
  readonly #skipsTexts: boolean;
  #depth = 0;
  #held = 0;

  /** @param skipsTexts - to read texts as empty, where nobody looks at them */
  constructor(bytes: Buffer, skipsTexts = false) {
    super(bytes);
    this.#skipsTexts = skipsTexts;
    this.#bytes = bytes;
    this.#dataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads fields up to the end of the message that the reader is in. */
  fields<Into>(fields: MessageFields<Into>, into: Into): Into {
    while (this.pos < this.len) {
      const tag = this.tag();
      const read = fields[tag];
      if (read === undefined) this.skipType(tag & 7, 0, tag >>> 3);
      else read(this, into);
    }
    return into;
  }

  /** Reads a message with its length before it; `len` is its end meanwhile, so nothing overruns. */
  message<Into>(fields: MessageFields<Into>, into: Into): Into {
    const outerEnd = this.len;
    const end = this.#delimitedEnd();
    this.len = end;
    try {
      return this.fields(fields, into);
    } finally {
      this.len = outerEnd;
    }
  }

  /**
   * Reads a message that may contain itself.
   * @throws ItemRejection when it does so too often
   */
  nested<Into>(fields: MessageFields<Into>, into: Into): Into {
    if (this.#depth === MAX_VALUE_DEPTH) {
      throw new ItemRejection(`a value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
    }
    this.#depth += 1;
    try {
      return this.message(fields, into);
    } finally {
      this.#depth -= 1;
    }
  }

  /** Counts what is going to be held. @throws ItemRejection when the request holds too much */
  hold(values: number): void {
    this.#held += values;
    if (this.#held > MAX_VALUES) throw new ItemRejection(TOO_MANY_VALUES);
  }

  /** Bytes of the delimited value that comes next. */
  nextSize(): number {
    const start = this.pos;
    const size = this.size();
    this.pos = start;
    return size;
  }

  /** Goes back to `start`, where a delimited value begins, and passes over that value. */
  skipDelimitedAt(start: number): void {
    this.pos = start;
    this.skipType(DELIMITED);
  }

  /** An `int64`. Most are small counts, for which the first form costs one bigint, not four. */
  bigInt64(): bigint {
    const { high, low } = this.int64();
    if (high === low >> 31) return BigInt(low);
    return (BigInt(high) << 32n) | BigInt(low >>> 0);
  }

  unixNano(): UnixNano {
    const start = this.pos;
    this.skip(8);
    return this.#dataView.getBigUint64(start, true) as UnixNano;
  }

  override string(): string {
    if (!this.#skipsTexts) return super.string();
    this.pos = this.#delimitedEnd();
    return '';
  }

  /** Text of any length, of which most was received before. */
  text(): string {
    const end = this.#delimitedEnd();
    const start = this.pos;
    this.pos = end;
    return this.#skipsTexts ? '' : TEXTS.read(this.#bytes, start, end);
  }

  /** A copy: a view would keep the whole request in memory for as long as the value lives. */
  bytesCopy(): Uint8Array {
    return new Uint8Array(this.bytes());
  }

  /**
   * An id as lower-case hexadecimal; zeros for no bytes.
   * @throws ItemRejection when it has neither no bytes nor as many as `none`
   */
  id<Id extends string>(none: Id): Id {
    const end = this.#delimitedEnd();
    const start = this.pos;
    this.pos = end;
    if (end === start) return none;
    if ((end - start) * 2 === none.length) return this.#bytes.toString('hex', start, end) as Id;
    throw new ItemRejection(`an id has ${end - start} bytes instead of ${none.length / 2}`);
  }

  #delimitedEnd(): number {
    const size = this.size();
    const end = this.pos + size;
    if (end > this.len) {
      throw new RangeError(`${size} bytes announced at ${this.pos}, ${this.len - this.pos} there`);
    }
    return end;
  }
}
