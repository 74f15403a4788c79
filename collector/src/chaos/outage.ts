import { setTimeout as sleep } from 'node:timers/promises';
import { signalClickHouse } from './faults.js';
import type { Load } from './load.js';
import { MemoryWatch } from './memory-watch.js';
import type { Target } from './target.js';

/** What senders and the machine saw of an outage. */
export interface OutageResult {
  readonly seconds: number;
  /** Spans taken meanwhile. */
  readonly acknowledged: number;
  /** Answers other than 200, and none at all. */
  readonly refused: number;
  /** The most bytes that the collector held before, in each quarter of it, and while it caught up. */
  readonly peaks: readonly number[];
}

export interface OutageOptions {
  readonly target: Target;
  readonly load: Load;
  readonly seconds: number;
  readonly progress: (message: string) => void;
  /** Resolves once all that was sent is queryable. */
  readonly catchUp: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** How long all is well before, at the most. */
const MAX_WARM_UP_SECONDS = 60;

/**
 * ClickHouse is gone for a while, and requests come in as before: first it takes connections and answers
 * nothing, then it is killed and connections are refused.
 */
export async function strikeOutage(options: OutageOptions): Promise<OutageResult> {
  const { target, load, seconds, progress, catchUp, signal } = options;
  const memory = new MemoryWatch(() => target.victim.pid);
  const peaks: number[] = [];
  const pass = async (length: number): Promise<void> => {
    await sleep(length * 1_000, undefined, { signal });
    peaks.push(memory.takePeak());
  };
  try {
    await pass(Math.min(seconds, MAX_WARM_UP_SECONDS));
    const { retries, acknowledged } = load.sent;
    const before = acknowledged.length;
    progress(`ClickHouse is halted for ${(seconds / 2).toFixed(0)} s`);
    signalClickHouse(target, 'SIGSTOP');
    await pass(seconds / 4);
    await pass(seconds / 4);
    progress(`ClickHouse is killed, and gone for ${(seconds / 2).toFixed(0)} s`);
    await target.gate?.shut();
    signalClickHouse(target, 'SIGKILL');
    await pass(seconds / 4);
    await pass(seconds / 4);
    const taken = acknowledged.length - before;
    const refused = load.sent.retries - retries;
    progress(`ClickHouse is back; ${taken} spans were taken meanwhile`);
    await target.gate?.open();
    await catchUp();
    peaks.push(memory.takePeak());
    return { seconds, acknowledged: taken, refused, peaks };
  } finally {
    memory.stop();
  }
}
