import type { Json } from '@colloquy/schema';

/** What an object becomes, by the name of its class. */
type Build = (name: string, fields: Readonly<Record<string, Json>>) => Json;

/** Nesting beyond this is no message; what reads it would run out of stack. */
const MAX_DEPTH = 100;

const SPACE = /\s*/y;
const STRING = /'([^'\\]*(?:\\[^][^'\\]*)*)'|"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
/** Bytes are told as the text they hold. */
const BYTES = /b(?=['"])/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/y;
const NAME = /[A-Za-z_][\w.]*/y;
/** A member of an enumeration tells its value; a function or an opaque object nothing. */
const ENUM = /<[A-Za-z_][\w.]*: '([^'\\]*)'>/y;
const OPAQUE = /<(?:[^<>'"]|<[^<>]*>)*>/y;
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g;

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const CONSTANTS = new Map<string, Json>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

const unescaped = (text: string): string =>
  text.replace(ESCAPE, (_, ...codes: readonly (string | undefined)[]) => {
    const [hex, short, long, other = ''] = codes;
    const code = hex ?? short ?? long;
    return code === undefined
      ? (ESCAPED[other] ?? other)
      : String.fromCodePoint(Number.parseInt(code, 16));
  });

/** Thrown where the text is no `repr`. */
class Unreadable extends Error {}

class Reader {
  readonly #text: string;
  readonly #build: Build;
  #at = 0;
  #depth = 0;

  constructor(text: string, build: Build) {
    this.#text = text;
    this.#build = build;
  }

  whole(): Json {
    const value = this.#value();
    this.#skip(SPACE);
    if (this.#at < this.#text.length) throw new Unreadable();
    return value;
  }

  #skip(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #takes(sign: string): boolean {
    this.#skip(SPACE);
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #value(): Json {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Unreadable();
    const value = this.#read();
    this.#depth -= 1;
    return value;
  }

  #read(): Json {
    if (this.#takes('[')) return this.#items(']', () => this.#value());
    if (this.#takes('(')) return this.#items(')', () => this.#value());
    if (this.#takes('{')) return this.#dictionary();
    this.#skip(BYTES);
    const string = this.#skip(STRING);
    if (string !== null) return unescaped(string[1] ?? string[2] ?? '');
    const number = this.#skip(NUMBER)?.[0];
    // A number that JavaScript cannot hold keeps its digits as text.
    if (number !== undefined) return /^-?\d{16,}$/.test(number) ? number : Number(number);
    const member = this.#skip(ENUM)?.[1];
    if (member !== undefined) return member;
    return this.#skip(OPAQUE) === null ? this.#named() : null;
  }

  #items<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.#takes(end)) {
      if (items.length > 0 && !this.#takes(',')) throw new Unreadable();
      if (this.#takes(end)) break;
      items.push(item());
    }
    return items;
  }

  #dictionary(): Json {
    return Object.fromEntries(
      this.#items('}', (): [string, Json] => {
        const key = this.#value();
        if (typeof key === 'object' || !this.#takes(':')) throw new Unreadable();
        return [String(key), this.#value()];
      }),
    );
  }

  #named(): Json {
    const name = this.#skip(NAME)?.[0] ?? '';
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return constant;
    if (name === '' || !this.#takes('(')) throw new Unreadable();
    const fields = this.#items(')', (): [string, Json] => {
      this.#skip(SPACE);
      const field = this.#skip(NAME)?.[0];
      if (field === undefined || !this.#takes('=')) throw new Unreadable();
      return [field, this.#value()];
    });
    return this.#build(name, Object.fromEntries(fields));
  }
}

/**
 * Reads what Python's `repr` makes of literals, dataclasses and enumerations.
 *
 * @returns `undefined` when any of the text is something else
 */
export function readPythonRepr(text: string, build: Build): Json | undefined {
  try {
    return new Reader(text, build).whole();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return undefined;
    throw error;
  }
}
