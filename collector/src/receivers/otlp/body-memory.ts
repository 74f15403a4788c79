import { ColloquyError } from '../../errors.js';

/** Several bodies of the largest size; a hundred at once would be more than most machines have. */
const MAX_BYTES = 256 * 2 ** 20;
const MAX_DECOMPRESSING = 4;

/** What one request holds. */
export interface BodyLease {
  /** @throws ColloquyError `QUEUE_FULL` when all requests together hold too much */
  take(bytes: number): void;
  /** Decompresses a few bodies at a time: how large they become is only known afterwards. */
  decompress(work: () => Promise<Buffer>): Promise<Buffer>;
  /** To be called once the request is answered. */
  release(): void;
}

/** Bounds what the bodies of all requests hold, from their first bytes to the answer. */
export class BodyMemory {
  readonly #maxBytes: number;
  #held = 0;
  #decompressing = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  lease(): BodyLease {
    let taken = 0;
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#maxBytes)
          throw new ColloquyError('QUEUE_FULL', 'Too much comes in at once; send it again soon.');
        this.#held += bytes;
        taken += bytes;
      },
      decompress: (work) => this.#decompress(work),
      release: () => {
        this.#held -= taken;
        taken = 0;
      },
    };
  }

  async #decompress(work: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#decompressing === MAX_DECOMPRESSING)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#decompressing += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#decompressing -= 1;
      else next();
    }
  }
}

/** That of this process, for all receivers together. */
export const BODY_MEMORY = new BodyMemory();
