import { LRUCache } from 'lru-cache';

/** A long text that was received. */
interface KnownText {
  readonly text: string;
  /** The text before this one in its conversation, with which it begins. */
  base: KnownText | undefined;
  /** The text that goes on from this one. */
  next: KnownText | undefined;
  /** Characters and bytes up to the brackets that close it; what goes on from it begins with these. */
  readonly cutChars: number;
  readonly cutBytes: number;
  /** The last four bytes before the cut: most texts that are another's beginning are told apart by these. */
  readonly tail: number;
  /** As received, with room behind it; handed on to what goes on from it. */
  bytes: Buffer | undefined;
  /** Of the bytes. */
  readonly length: number;
  readonly head: string;
}

/** A text of which something was made before, and how many of its characters the newer text begins with. */
export interface Earlier<T> {
  readonly text: string;
  readonly shared: number;
  readonly made: T;
}

/** Shorter texts are read as fast as they are found. */
const MIN_BYTES = 256;
const HEAD_BYTES = 64;
const MAX_ALIKE = 1_000;
const MAX_SIZE = 24_000_000;
/** A text is kept as bytes and as text, and its parts by what was made of it. */
const COPIES = 3;
const ENTRY_SIZE = 500;

const CLOSERS: ReadonlySet<number> = new Set(Buffer.from(']} \n\r\t'));

/**
 * Remembers the long texts that came last. A model call sends its whole history again: its text
 * begins with that of the call before, so that only what is new needs to be decoded, parsed,
 * hashed and encoded. What is given back is the same to the letter with this memory and without.
 */
export class TextMemory {
  readonly #texts: LRUCache<string, KnownText>;
  readonly #alike = new Map<string, Set<KnownText>>();

  /** @param maxSize - bytes, about */
  constructor(maxSize = MAX_SIZE) {
    this.#texts = new LRUCache<string, KnownText>({
      maxSize,
      sizeCalculation: ({ length }) => COPIES * length + ENTRY_SIZE,
      dispose: (known) => this.#forget(known),
    });
  }

  /** Decodes UTF-8. */
  read(bytes: Buffer, start: number, end: number): string {
    if (end - start < MIN_BYTES) return bytes.toString('utf8', start, end);
    const head = bytes.toString('latin1', start, start + HEAD_BYTES);
    const before = this.#findBefore(head, bytes, start, end);
    if (before?.bytes === undefined) return this.#keep(head, bytes, start, end);
    const rest = start + before.cutBytes;
    if (isSame(before, bytes, rest, end)) {
      this.#texts.get(before.text);
      return before.text;
    }
    return this.#goOn(before, bytes, start, end);
  }

  /**
   * What was made of the longest earlier text that this one begins with, this one itself included.
   * @param made - what was made of each, by {@link TextMemory.keep}
   */
  earlier<T>(text: string, made: Made<T>): Earlier<T> | undefined {
    const own = this.#texts.peek(text);
    let shared = text.length;
    for (let known = own; known !== undefined; known = known.base) {
      const found = made.get(known);
      if (found !== undefined) return { text: known.text, shared, made: found };
      shared = known.base?.cutChars ?? 0;
    }
    return undefined;
  }

  /** Notes what was made of a text, for as long as the text is remembered. */
  keep<T>(text: string, made: Made<T>, value: T): void {
    const known = this.#texts.peek(text);
    if (known !== undefined) made.set(known, value);
  }

  /** Forgets every text. */
  clear(): void {
    this.#texts.clear();
  }

  #findBefore(head: string, bytes: Buffer, start: number, end: number): KnownText | undefined {
    let best: KnownText | undefined;
    for (const known of this.#alike.get(head) ?? []) {
      const { cutBytes, tail } = known;
      const cut = start + cutBytes;
      if (cut > end || cutBytes <= (best?.cutBytes ?? 0) || bytes.readInt32LE(cut - 4) !== tail)
        continue;
      // A byte beyond ASCII could belong to the character before.
      if (cut < end && (bytes[cut] ?? 0) >= 0x80) continue;
      if (known.bytes?.compare(bytes, start, cut, 0, cutBytes) === 0) best = known;
    }
    return best;
  }

  #keep(head: string, bytes: Buffer, start: number, end: number): string {
    const text = bytes.toString('utf8', start, end);
    const own = Buffer.allocUnsafeSlow(end - start);
    bytes.copy(own, 0, start, end);
    this.#add(text, own, end - start, head);
    return text;
  }

  #goOn(base: KnownText, bytes: Buffer, start: number, end: number): string {
    const rest = start + base.cutBytes;
    const text = base.text.slice(0, base.cutChars) + bytes.toString('utf8', rest, end);
    const length = end - start;
    const own = grown(base.bytes ?? Buffer.alloc(0), base.cutBytes, length);
    bytes.copy(own, base.cutBytes, rest, end);
    base.bytes = undefined;
    this.#alike.get(base.head)?.delete(base);
    const known = this.#add(text, own, length, base.head);
    if (known !== undefined) {
      known.base = base;
      base.next = known;
    }
    return text;
  }

  #add(text: string, bytes: Buffer, length: number, head: string): KnownText | undefined {
    let cutBytes = length;
    while (cutBytes > HEAD_BYTES && CLOSERS.has(bytes[cutBytes - 1] ?? 0)) cutBytes -= 1;
    const known: KnownText = {
      text,
      base: undefined,
      next: undefined,
      cutBytes,
      cutChars: text.length - (length - cutBytes),
      tail: bytes.readInt32LE(cutBytes - 4),
      bytes,
      length,
      head,
    };
    // Bytes that are no UTF-8 may give the same text twice: that of the first stays.
    if (this.#texts.has(text)) return undefined;
    this.#texts.set(text, known);
    if (!this.#texts.has(text)) return undefined;
    const alike = this.#alike.get(head) ?? new Set();
    this.#alike.set(head, alike);
    const [oldest] = alike;
    if (alike.size >= MAX_ALIKE && oldest !== undefined) alike.delete(oldest);
    alike.add(known);
    return known;
  }

  #forget(known: KnownText): void {
    const alike = this.#alike.get(known.head);
    alike?.delete(known);
    if (alike?.size === 0) this.#alike.delete(known.head);
    if (known.next !== undefined) known.next.base = undefined;
    if (known.base !== undefined) known.base.next = undefined;
  }
}

/** What was made of texts, each for as long as the text is remembered. */
export type Made<T> = WeakMap<object, T>;

const isSame = (known: KnownText, other: Buffer, rest: number, end: number): boolean =>
  known.bytes?.compare(other, rest, end, known.cutBytes, known.length) === 0;

/** A buffer with the first bytes of another, or the other itself where there is room in it. */
function grown(buffer: Buffer, used: number, length: number): Buffer {
  if (buffer.length >= length) return buffer;
  const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.ceil(1.5 * buffer.length)));
  buffer.copy(larger, 0, 0, used);
  return larger;
}

/** The texts of this process. */
export const TEXTS = new TextMemory();
