import { createShelfMemory } from '../store/shelves.js';
import type { Corpus } from './corpus.js';
import { createPayload } from './payload.js';
import { tryPayload } from './try-payload.js';

export interface FuzzOptions {
  readonly corpus: Corpus;
  readonly seed: number;
  /** Number of the first payload. */
  readonly from: number;
  readonly payloads: number;
  /** Told how many are done, now and then. */
  readonly progress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** A payload that brought about what none should. */
export interface Fault {
  readonly payload: number;
  readonly reason: string;
}

export interface FuzzResult {
  readonly taken: number;
  readonly refused: number;
  readonly crashed: readonly Fault[];
  /** Payloads that took as much CPU time as senders wait. */
  readonly slow: readonly Fault[];
  /** Of the one that took longest. */
  readonly slowest: { readonly payload: number; readonly ms: number };
}

/** Exporters give up after 10 s. */
const SLOW_MS = 5_000;
const PROGRESS_EVERY = 10_000;

/** CPU time of this process: what else the machine is busy with does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Decodes, normalises and encodes payloads in this process, one after the other. */
export async function fuzzInProcess(options: FuzzOptions): Promise<FuzzResult> {
  const { corpus, seed, from, payloads, progress, signal } = options;
  const memory = createShelfMemory();
  const counts = { taken: 0, refused: 0 };
  const crashed: Fault[] = [];
  const slow: Fault[] = [];
  let slowest = { payload: from, ms: 0 };
  for (let payload = from; payload < from + payloads; payload += 1) {
    const start = cpuMs();
    try {
      counts[await tryPayload(createPayload(corpus, seed, payload), memory)] += 1;
    } catch (error) {
      crashed.push({ payload, reason: describe(error) });
    }
    const ms = cpuMs() - start;
    if (ms > slowest.ms) slowest = { payload, ms };
    if (ms > SLOW_MS) slow.push({ payload, reason: `${(ms / 1_000).toFixed(1)} s` });
    if ((payload - from + 1) % PROGRESS_EVERY === 0) {
      progress(payload - from + 1);
      // Timers and signals get their turn.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  }
  return { ...counts, crashed, slow, slowest };
}

const describe = (error: unknown): string =>
  error instanceof Error
    ? `${error.message.slice(0, 200)} ${
        error.stack
          ?.split('\n')
          .find((line) => line.includes(' at '))
          ?.trim() ?? ''
      }`
    : String(error);
