import type { Message, Part } from '@colloquy/schema';
import { atomsOf, spokenParts } from './identity.js';

/** A message by the hash of its content, with the content. */
export interface StoredMessage {
  readonly hash: string;
  readonly message: Message;
  /** What it is compared by; see `identity.ts`. */
  readonly steps: readonly Step[];
}

/** A place in a message, whoever says it. */
export interface Step {
  readonly key: string;
  readonly stored: StoredMessage;
  /** Which step of the message this is, of how many. */
  readonly index: number;
  readonly count: number;
}

/** What is said at a step; `undefined` where a message has reasoning alone or nothing. */
export const partAt = ({ stored, index }: Pick<Step, 'stored' | 'index'>): Part | undefined =>
  spokenParts(stored.message.parts)[index];

/** Made once for a message, however many calls re-send it. */
export function createStored(hash: string, message: Message): StoredMessage {
  const steps: Step[] = [];
  const stored = { hash, message, steps };
  const atoms = atomsOf(message);
  for (const [index, key] of atoms.entries())
    steps.push({ key, stored, index, count: atoms.length });
  return stored;
}

/** A message of a call as a span around it tells it more fully; see `told-around.ts`. */
export interface Retold {
  readonly own: StoredMessage;
  readonly stored: StoredMessage;
  readonly spanId: string;
}

/** One model call as the rebuild sees it: what went in, what came out, in order. */
export interface Call {
  readonly traceId: string;
  readonly spanId: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly inputHashes: readonly string[];
  readonly outputHashes: readonly string[];
  /** The messages of these hashes. */
  readonly input: readonly StoredMessage[];
  readonly output: readonly StoredMessage[];
  readonly retold: readonly Retold[];
  /** What `retold` is made of. */
  readonly retoldHashes: readonly string[];
  /** True when nothing but the conversation itself tells the order of `input`; see `arrange.ts`. */
  readonly inputIsUnordered: boolean;
  /** True when `output` holds alternatives rather than one answer in several messages. */
  readonly outputIsChoices: boolean;
  readonly responseId: string | undefined;
  readonly previousResponseId: string | undefined;
  /** True when `input` holds no history but only what is new, as log records of command line tools do. */
  readonly isDelta: boolean;
  /** Place among calls of the same time; 0 unless log records tell of them. */
  readonly sequence: number;
  /** Set below a tool that another call ran, and below an agent that another one started. */
  readonly nesting: 'tool' | 'agent' | undefined;
  /** The nearest agent above the call, where one is named. */
  readonly agentName: string | undefined;
}
