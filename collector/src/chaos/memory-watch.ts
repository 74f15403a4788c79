import { readFileSync } from 'node:fs';

const SAMPLE_MS = 250;

/** Bytes that a process holds in memory; NaN where there is no `/proc`. */
function residentMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
  } catch {
    return Number.NaN;
  }
}

/** Looks how much memory a process holds, again and again until it is stopped. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(pidOf: () => number | undefined) {
    this.#timer = setInterval(() => {
      const pid = pidOf();
      this.#peak = Math.max(this.#peak, pid === undefined ? Number.NaN : residentMemory(pid));
    }, SAMPLE_MS);
  }

  /** The most bytes since this was asked last. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
