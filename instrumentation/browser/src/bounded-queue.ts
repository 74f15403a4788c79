/** What waits to be sent, and how much it weighs. */
export interface Item {
  readonly text: string;
  /** Of the text in UTF-8. */
  readonly bytes: number;
}

export interface Bounds {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** A queue that never holds more than it may: the oldest make room. */
export class BoundedQueue {
  readonly #bounds: Bounds;
  #items: readonly Item[] = [];
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns how many were dropped */
  append(items: readonly Item[]): number {
    return this.#hold([...this.#items, ...items]);
  }

  /** Puts back what could not be sent. @returns how many were dropped */
  putBack(items: readonly Item[]): number {
    return this.#hold([...items, ...this.#items]);
  }

  /** Takes the oldest, as many as fit; at least as many as asked for, where there are. */
  take(maxBytes: number, atLeast: 0 | 1): readonly Item[] {
    let bytes = 0;
    let count = 0;
    for (const item of this.#items) {
      bytes += item.bytes;
      if (count >= atLeast && bytes > maxBytes) break;
      count += 1;
    }
    const taken = this.#items.slice(0, count);
    this.#hold(this.#items.slice(count));
    return taken;
  }

  #hold(items: readonly Item[]): number {
    const { maxItems, maxBytes } = this.#bounds;
    // One that is too big by itself must not push out all others.
    const fitting = items.filter((item) => item.bytes <= maxBytes);
    let bytes = fitting.reduce((sum, item) => sum + item.bytes, 0);
    let first = 0;
    while (fitting.length - first > maxItems || bytes > maxBytes) {
      bytes -= fitting[first]?.bytes ?? 0;
      first += 1;
    }
    this.#items = fitting.slice(first);
    this.#bytes = bytes;
    return items.length - this.#items.length;
  }
}
