import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../bench/synthetic-text.js';
import type { ThreadPlan } from '../bench/synthetic-threads.js';
import { check, waitUntilQueryable, type Verdict } from './check.js';
import { chooseFault } from './faults.js';
import { startLoad, type Load, type LoadResult } from './load.js';
import { strikeOutage, type OutageResult } from './outage.js';
import { createDisk, type Disk } from './small-disk.js';
import { startApart, startEmbedded, type Target, type TargetOptions } from './target.js';

export interface ChaosOptions {
  /** Processes that are killed in all; half of them with ClickHouse apart. */
  readonly kills: number;
  /** For how long ClickHouse is away; 0 for not at all. */
  readonly outageSeconds: number;
  /** Spans a second meanwhile. */
  readonly outageRate: number;
  /** What is chosen by chance depends on it alone; when it strikes, on the machine too. */
  readonly seed: number;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** What one collector went through, and what became of what it had acknowledged. */
export interface RoundResult extends Verdict {
  readonly name: string;
  readonly sent: LoadResult;
  readonly seconds: number;
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly outage: OutageResult | undefined;
}

interface Round {
  readonly name: string;
  readonly start: (options: TargetOptions) => Promise<Target>;
  /** Of the disk; a plain folder where this is left out. */
  readonly diskMegabytes?: number;
  readonly plan: ThreadPlan;
  /** Spans a second. */
  readonly rate: number;
  readonly strike: (scene: Scene) => Promise<OutageResult | void>;
}

interface Scene {
  readonly options: ChaosOptions;
  readonly target: Target;
  readonly disk: Disk;
  readonly load: Load;
  readonly random: () => number;
  readonly count: (fault: string) => void;
  /** Ends the load, and resolves once all of it is queryable. */
  readonly catchUp: () => Promise<void>;
}

const DISK_MEGABYTES = 1_500;
const MAX_CALM_MS = 1_500;
const FULL_DISK_MS = 4_000;
const CATCH_UP_MS = 30 * 60_000;
const KILL_RATE = 100;

/** Long ones, as each is asked for; and such as an afternoon brings. */
const LONG: ThreadPlan = { name: 'chaos', threads: 1_000_000, turns: 25, messageSize: 300 };
const SHORT: ThreadPlan = { ...LONG, name: 'outage', turns: 10 };

async function strikeKills({ options, target, random, count }: Scene, kills: number) {
  const { progress, signal } = options;
  for (let killed = 0; killed < kills;) {
    await sleep(random() * MAX_CALM_MS, undefined, { signal });
    const fault = chooseFault(target, random());
    const hasStruck = await fault.strike(target, random);
    if (hasStruck === false) continue;
    count(fault.name);
    killed += fault.kills;
    progress(`${Math.min(killed, kills)} of ${kills} killed; last: ${fault.name}`);
  }
}

/** Nothing fits on the disk for a while. */
async function fillDisk({ options, disk, count }: Scene): Promise<void> {
  if (!disk.isSmall) return;
  options.progress('the disk is full');
  const free = await disk.fill();
  await sleep(FULL_DISK_MS);
  await free();
  count('disk full');
}

function roundsOf({ kills, outageSeconds, outageRate }: ChaosOptions): readonly Round[] {
  const killed = { diskMegabytes: DISK_MEGABYTES, plan: LONG, rate: KILL_RATE };
  const apart = Math.floor(kills / 2);
  const embedded: Round = {
    ...killed,
    name: 'ClickHouse embedded',
    start: startEmbedded,
    strike: async (scene) => {
      await strikeKills(scene, kills - apart);
      await fillDisk(scene);
    },
  };
  const alone: Round = {
    ...killed,
    name: 'ClickHouse apart',
    start: startApart,
    strike: (scene) => strikeKills(scene, apart),
  };
  const away: Round = {
    name: 'ClickHouse away',
    start: startApart,
    plan: SHORT,
    rate: outageRate,
    strike: ({ options: { progress, signal }, ...scene }) =>
      strikeOutage({ ...scene, seconds: outageSeconds, progress, signal }),
  };
  return [
    ...(kills > 0 ? [embedded] : []),
    ...(apart > 0 ? [alone] : []),
    ...(outageSeconds > 0 ? [away] : []),
  ];
}

async function runRound(round: Round, options: ChaosOptions): Promise<RoundResult> {
  const { port, progress, signal } = options;
  const { name, plan, rate } = round;
  progress(name);
  const disk = await createDisk(round.diskMegabytes);
  const faults = new Map<string, number>();
  const start = performance.now();
  const ending = new AbortController();
  let target: Target | undefined;
  try {
    target = await round.start({ folder: disk.folder, port, signal });
    const { url } = target.victim;
    const load = startLoad({ url, plan, rate, abort: AbortSignal.any([signal, ending.signal]) });
    const catchUp = async (): Promise<void> => {
      await load.end();
      progress('waiting until all is queryable');
      await waitUntilQueryable(url, CATCH_UP_MS);
    };
    const outage = await round.strike({
      options,
      target,
      disk,
      load,
      random: createRandom(options.seed),
      count: (fault) => void faults.set(fault, (faults.get(fault) ?? 0) + 1),
      catchUp,
    });
    await catchUp();
    const seconds = (performance.now() - start) / 1_000;
    const sent = load.sent;
    progress(`asking for ${sent.acknowledged.length} spans`);
    const verdict = await check({ url, plan, acknowledged: sent.acknowledged, progress });
    return { ...verdict, name, sent, seconds, faults, outage: outage ?? undefined };
  } finally {
    ending.abort();
    await target?.stop();
    await disk.remove();
  }
}

/** Lets go wrong what can under load, and counts what became of what was acknowledged. */
export async function runChaos(options: ChaosOptions): Promise<readonly RoundResult[]> {
  const results: RoundResult[] = [];
  for (const round of roundsOf(options)) results.push(await runRound(round, options));
  return results;
}
