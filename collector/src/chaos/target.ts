import { ClickHouseApart } from './clickhouse-apart.js';
import type { Gate } from './gate.js';
import { Victim } from './victim.js';

/** A collector with its ClickHouse, to which something happens. */
export interface Target {
  readonly victim: Victim;
  /** Of ClickHouse, while it runs; another one after each kill. */
  readonly clickHousePid: () => number | undefined;
  /** Between both, where ClickHouse is apart. */
  readonly gate: Gate | undefined;
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** For all that both keep. */
  readonly folder: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly signal: AbortSignal;
}

/** ClickHouse as a child of the collector. */
export async function startEmbedded({ folder, ...options }: TargetOptions): Promise<Target> {
  const victim = new Victim({ dataDir: folder, settings: {}, ...options });
  await victim.start();
  return {
    victim,
    clickHousePid: () => victim.childPid,
    gate: undefined,
    stop: () => victim.kill('SIGTERM'),
  };
}

/** ClickHouse on its own, and a gate on the way to it. */
export async function startApart({ folder, ...options }: TargetOptions): Promise<Target> {
  const apart = await ClickHouseApart.start(folder);
  const victim = new Victim({ dataDir: folder, settings: apart.settings, ...options });
  const stop = async (): Promise<void> => {
    await victim.kill('SIGTERM');
    await apart.stop();
  };
  try {
    await victim.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { victim, clickHousePid: () => apart.pid, gate: apart.gate, stop };
}
