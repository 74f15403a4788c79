import { sharedLength } from '../shared-length.js';
import type { Step, StoredMessage } from './call.js';

/** What a call was sent, as the tree reads it. */
interface Spoken {
  /** Without its instructions, which stand beside the path. */
  readonly steps: readonly Step[];
  /** The messages up to its last instructions. */
  readonly instructed: readonly StoredMessage[];
}

const isSystem = ({ message }: StoredMessage): boolean => message.role === 'system';

/** Reads one history after the other: what one begins with like the one before is not read again. */
export class HistoryReader {
  #input: readonly StoredMessage[] = [];
  #steps: readonly Step[] = [];
  /** How many steps there are up to and with each message. */
  readonly #ends: number[] = [];
  /** How many messages there are up to and with the last instructions. */
  #instructed = 0;

  read(input: readonly StoredMessage[]): Spoken {
    const shared = sharedLength(input, this.#input);
    const known = this.#ends[shared - 1] ?? 0;
    const added: Step[] = [];
    if (this.#instructed > shared) this.#instructed = input.findLastIndex(isSystem) + 1;
    this.#ends.length = shared;
    for (let index = shared; index < input.length; index += 1) {
      const stored = input[index];
      if (stored === undefined) break;
      if (isSystem(stored)) this.#instructed = index + 1;
      else for (const step of stored.steps) added.push(step);
      this.#ends.push(known + added.length);
    }
    this.#input = input;
    const begin = known === this.#steps.length ? this.#steps : this.#steps.slice(0, known);
    this.#steps = begin.concat(added);
    return { steps: this.#steps, instructed: input.slice(0, this.#instructed) };
  }
}
