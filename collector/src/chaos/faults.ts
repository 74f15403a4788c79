import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.js';

/** Something that goes wrong, and the time after it until the next may. */
export interface Fault {
  readonly name: string;
  /** How often it is chosen, among the sum of all. */
  readonly weight: number;
  /** How many kills it counts as. */
  readonly kills: number;
  /** True for one that can only strike where there is a gate. */
  readonly needsGate?: true;
  /** Resolves with `false` where there was nothing to strike. */
  readonly strike: (target: Target, random: () => number) => Promise<boolean | void>;
}

const MAX_PAUSE_MS = 4_000;
const MAX_CUT_WAIT_MS = 3_000;

/** Bytes of an insert: as likely a few as many. */
const MAX_CUT_DIGITS = 6;
const MAX_ANSWER_BYTES = 200;

export const signalClickHouse = ({ clickHousePid }: Target, signal: NodeJS.Signals): void => {
  const pid = clickHousePid();
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
    strike: async ({ victim }) => {
      await victim.kill();
      await victim.start();
    },
  },
  {
    name: 'ClickHouse killed',
    weight: 4,
    kills: 1,
    strike: async (target) => signalClickHouse(target, 'SIGKILL'),
  },
  {
    name: 'both killed',
    weight: 2,
    kills: 2,
    strike: async (target) => {
      signalClickHouse(target, 'SIGKILL');
      await target.victim.kill();
      await target.victim.start();
    },
  },
  {
    name: 'killed while it starts',
    weight: 1,
    kills: 2,
    strike: async ({ victim }, random) => {
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
    strike: async (target, random) => {
      signalClickHouse(target, 'SIGSTOP');
      await sleep(random() * MAX_PAUSE_MS);
      signalClickHouse(target, 'SIGCONT');
    },
  },
  {
    name: 'collector killed while ClickHouse is away',
    weight: 1,
    kills: 1,
    needsGate: true,
    strike: async ({ victim, gate }, random) => {
      await gate?.shut();
      await victim.kill();
      await victim.start();
      await sleep(random() * MAX_PAUSE_MS);
      await gate?.open();
    },
  },
  {
    name: 'insert cut off',
    weight: 4,
    kills: 0,
    needsGate: true,
    strike: async ({ gate }, random) => {
      const bytes = Math.floor(10 ** (MAX_CUT_DIGITS * random()));
      return gate?.cutInsert({ side: 'request', bytes }, MAX_CUT_WAIT_MS);
    },
  },
  {
    name: 'answer to an insert cut off',
    weight: 4,
    kills: 0,
    needsGate: true,
    strike: async ({ gate }, random) => {
      const bytes = random() < 0.5 ? 0 : Math.floor(MAX_ANSWER_BYTES * random());
      return gate?.cutInsert({ side: 'answer', bytes }, MAX_CUT_WAIT_MS);
    },
  },
];

/** One of those that can strike, by weight. @param roll - from 0 to 1 */
export function chooseFault({ gate }: Target, roll: number): Fault {
  const possible = FAULTS.filter(({ needsGate }) => needsGate !== true || gate !== undefined);
  const total = possible.reduce((sum, { weight }) => sum + weight, 0);
  let left = roll * total;
  for (const fault of possible) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return FAULTS[0] as Fault;
}
