import { setTimeout as sleep } from 'node:timers/promises';
import type { Victim } from './victim.js';

/** Something that goes wrong, and the time after it until the next may. */
export interface Fault {
  readonly name: string;
  /** How often it is chosen, among the sum of all. */
  readonly weight: number;
  /** How many kills it counts as. */
  readonly kills: number;
  readonly strike: (victim: Victim, random: () => number) => Promise<void>;
}

const MAX_PAUSE_MS = 4_000;

const signalEngine = (victim: Victim, signal: NodeJS.Signals): void => {
  const pid = victim.enginePid;
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
};

const FAULTS: readonly Fault[] = [
  {
    name: 'collector killed',
    weight: 4,
    kills: 1,
    strike: async (victim) => {
      await victim.kill();
      await victim.start();
    },
  },
  {
    name: 'ClickHouse killed',
    weight: 4,
    kills: 1,
    strike: async (victim) => signalEngine(victim, 'SIGKILL'),
  },
  {
    name: 'both killed',
    weight: 2,
    kills: 2,
    strike: async (victim) => {
      signalEngine(victim, 'SIGKILL');
      await victim.kill();
      await victim.start();
    },
  },
  {
    name: 'killed while it starts',
    weight: 1,
    kills: 2,
    strike: async (victim, random) => {
      await victim.kill();
      const starting = victim.start().catch(() => undefined);
      await sleep(random() * 1_000);
      await victim.kill();
      await starting;
      await victim.start();
    },
  },
  {
    name: 'ClickHouse halted for a while',
    weight: 1,
    kills: 0,
    strike: async (victim, random) => {
      signalEngine(victim, 'SIGSTOP');
      await sleep(random() * MAX_PAUSE_MS);
      signalEngine(victim, 'SIGCONT');
    },
  },
];

/** One of them by weight. @param roll - from 0 to 1 */
export function chooseFault(roll: number): Fault {
  const total = FAULTS.reduce((sum, { weight }) => sum + weight, 0);
  let left = roll * total;
  for (const fault of FAULTS) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return FAULTS[0] as Fault;
}
