import { setTimeout as sleep } from 'node:timers/promises';

/** When work came to rest. */
export interface Settled {
  /** Seconds of CPU up to then. */
  readonly cpu: number;
  /** By `performance.now`. */
  readonly at: number;
  /** False when it had not come to rest in time. */
  readonly quiet: boolean;
}

const WINDOW_MS = 500;
/** A ClickHouse and a collector that idle, and are asked for their health, use up to a tenth of a core. */
const BUSY_SECONDS = 0.06;
/** Longer than collectors let a batch wait: five seconds is what exporters' documents propose. */
const QUIET_MS = 6_500;
const TIMEOUT_MS = 90_000;

/**
 * Waits until queues are drained and merges done, as far as CPU time tells.
 *
 * @param readCpu - seconds of CPU so far, of all processes concerned
 */
export async function settle(readCpu: () => number, signal: AbortSignal): Promise<Settled> {
  const read = () => ({ cpu: readCpu(), at: performance.now() });
  const start = read();
  let last = start;
  let busy = start;
  for (;;) {
    await sleep(WINDOW_MS, undefined, { signal });
    const now = read();
    if (now.cpu - last.cpu > BUSY_SECONDS) busy = now;
    last = now;
    if (now.at - busy.at >= QUIET_MS) return { ...busy, quiet: true };
    if (now.at - start.at >= TIMEOUT_MS) return { ...now, quiet: false };
  }
}
