const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A process that is to end waits no longer than this for its last spans. */
const MAX_WAIT_MS = 3_000;

/** Flushes, and ends by then: a collector that is away keeps no process from ending. */
async function flushAndEnd(flush: () => Promise<void>, end: () => void): Promise<void> {
  const timer = setTimeout(end, MAX_WAIT_MS);
  await flush();
  clearTimeout(timer);
  end();
}

/**
 * Sends what is held back before the process ends: when nothing is left to do, and on a signal. An
 * application that handles signals itself keeps the last word on when it ends.
 *
 * @param flush - never rejects
 */
export function flushAtEnd(flush: () => Promise<void>): void {
  process.once('beforeExit', () => void flushAndEnd(flush, () => process.exit()));
  for (const signal of SIGNALS)
    process.once(signal, () => {
      const isAlone = process.listenerCount(signal) === 0;
      void flushAndEnd(flush, () => {
        if (isAlone) process.kill(process.pid, signal);
      });
    });
}
