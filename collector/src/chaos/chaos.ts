import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../bench/synthetic-text.js';
import { check, waitUntilQueryable, type Verdict } from './check.js';
import { chooseFault } from './faults.js';
import { sendLoad } from './load.js';
import { createDisk, type Disk } from './small-disk.js';
import { Victim } from './victim.js';

export interface ChaosOptions {
  /** Processes that are killed in all. */
  readonly kills: number;
  /** Requests a second, of 20 spans each. */
  readonly rate: number;
  /** What is chosen by chance depends on it alone; when it strikes, on the machine too. */
  readonly seed: number;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface ChaosResult extends Verdict {
  readonly acknowledged: number;
  readonly requests: number;
  readonly retries: number;
  readonly seconds: number;
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
}

const DISK_MEGABYTES = 1_500;
const MAX_CALM_MS = 1_500;
const FULL_DISK_MS = 4_000;
const CATCH_UP_MS = 300_000;

/** Nothing fits on the disk for a while. */
async function fillDisk(disk: Disk): Promise<void> {
  const free = await disk.fill();
  await sleep(FULL_DISK_MS);
  await free();
}

/** Kills collector and ClickHouse under load, and counts what became of what was acknowledged. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, rate, port, progress, signal } = options;
  const random = createRandom(options.seed);
  const disk = await createDisk(DISK_MEGABYTES);
  const victim = new Victim({ dataDir: disk.folder, port, signal, onLine: () => undefined });
  const faults = new Map<string, number>();
  const count = (name: string): void => void faults.set(name, (faults.get(name) ?? 0) + 1);
  const start = performance.now();
  const loadEnd = new AbortController();
  try {
    await victim.start();
    const load = sendLoad({ url: victim.url, rate, signal: loadEnd.signal, abort: signal });
    load.catch(() => undefined);
    for (let killed = 0; killed < kills;) {
      await sleep(random() * MAX_CALM_MS, undefined, { signal });
      const fault = chooseFault(random());
      await fault.strike(victim, random);
      count(fault.name);
      killed += fault.kills;
      progress(`${Math.min(killed, kills)} of ${kills} killed; last: ${fault.name}`);
    }
    if (disk.isSmall) {
      progress('the disk is full');
      await fillDisk(disk);
      count('disk full');
    }
    loadEnd.abort();
    progress('waiting until all is queryable');
    const { acknowledged, requests, retries } = await load;
    await waitUntilQueryable(victim.url, CATCH_UP_MS);
    const seconds = (performance.now() - start) / 1_000;
    progress(`asking for ${acknowledged.length} spans`);
    const verdict = await check({ url: victim.url, acknowledged, progress });
    return { ...verdict, acknowledged: acknowledged.length, requests, retries, seconds, faults };
  } finally {
    loadEnd.abort();
    await victim.kill('SIGTERM');
    await disk.remove();
  }
}
