/** The part of `localStorage` that is needed. */
export type Storage = Pick<
  globalThis.Storage,
  'getItem' | 'key' | 'length' | 'removeItem' | 'setItem'
>;

/** The page's storage; even to look at it is forbidden in some. */
export function pageStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** A fifth of what a browser gives to an origin; the application needs room too. */
const MAX_LENGTH = 1_000_000;

/** The newest that fit. */
function fit(texts: readonly string[]): readonly string[] {
  let length = 0;
  const first = texts.findLastIndex((text) => {
    length += text.length;
    return length > MAX_LENGTH;
  });
  return texts.slice(first + 1);
}

function readTexts(json: string | null): readonly string[] {
  try {
    const texts: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * What was not sent, kept for the page that comes after this one. Each page writes under a key of its
 * own, so that those which are open side by side do not overwrite each other.
 */
export class SavedItems {
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly #key: string;

  constructor(storage: Storage, prefix: string, pageId: string) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#key = `${prefix}${pageId}`;
  }

  /** Takes over what pages before this one have left. */
  claim(): readonly string[] {
    try {
      const { length } = this.#storage;
      const keys = Array.from({ length }, (_, index) => this.#storage.key(index) ?? '');
      return keys
        .filter((key) => key.startsWith(this.#prefix))
        .flatMap((key) => {
          const texts = readTexts(this.#storage.getItem(key));
          this.#storage.removeItem(key);
          return texts;
        });
    } catch {
      return [];
    }
  }

  /** Keeps the newest of these and nothing else. */
  save(texts: readonly string[]): void {
    try {
      const fitting = fit(texts);
      if (fitting.length === 0) this.#storage.removeItem(this.#key);
      else this.#storage.setItem(this.#key, JSON.stringify(fitting));
    } catch {
      // They are still in memory.
    }
  }
}
