import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from './process-tree.js';

/** Another collector, started by a shell command. */
export interface CommandProcess {
  /** Of the shell; what it started is below it. */
  readonly pid: number;
  /** Ends it and all that it started. */
  stop(): Promise<void>;
}

const POLL_MS = 200;
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** Whether an export request without spans is taken. */
async function answers(url: string): Promise<boolean> {
  const headers = { 'content-type': 'application/x-protobuf' };
  try {
    const body = new Uint8Array();
    return (await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })).ok;
  } catch {
    return false;
  }
}

/**
 * Runs a shell command until its OTLP/HTTP endpoint takes requests.
 *
 * @throws Error when something else answers there, when it ends, or when a minute has passed
 */
export async function spawnCommand(
  command: string,
  { url, signal }: { readonly url: string; readonly signal: AbortSignal },
): Promise<CommandProcess> {
  if (await answers(url)) throw new Error(`Something answers at ${url} already.`);
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  // A process group of its own, which can be ended as one.
  const child = spawn(command, { shell: true, detached: true, stdio: [...stdio] });
  const exited = once(child, 'exit').then(() => 'exited' as const);
  const { pid } = child;
  if (pid === undefined) throw new Error('The command of --against could not be started.');
  const stop = (): Promise<void> => stopTree(pid);
  const deadline = Date.now() + READY_TIMEOUT_MS;
  try {
    while (!(await answers(url))) {
      if (Date.now() > deadline) throw new Error(`Nothing answers at ${url} after a minute.`);
      const event = await Promise.race([exited, sleep(POLL_MS, undefined, { signal })]);
      if (event === 'exited') throw new Error('The command of --against ended before it answered.');
    }
    return { pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function signalTo(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Asks the group to end, and ends what is left of the tree after a while. */
async function stopTree(root: number): Promise<void> {
  const all = processTree(root);
  const alive = () => all.filter((pid) => signalTo(pid, 0));
  signalTo(-root, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (alive().length > 0 && Date.now() < deadline) await sleep(POLL_MS);
  for (const pid of alive()) signalTo(pid, 'SIGKILL');
}
