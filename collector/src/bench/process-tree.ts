import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cpuSeconds, peakMemory, waitedCpuSeconds } from './process-usage.js';

/** Runs a look into `/proc`; nothing where there is none, or when the process has just ended. */
function look<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

const childrenOf = (pid: number): readonly number[] =>
  look(() => readdirSync(`/proc/${pid}/task`)).flatMap((thread) =>
    look(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' '))
      .filter((text) => text !== '')
      .map(Number),
  );

/** A process and all that it started and that still runs, parents first. */
export const processTree = (root: number): readonly number[] => [
  root,
  ...childrenOf(root).flatMap(processTree),
];

/** User and system time of a process and of all that it started, those that have ended among them. */
export const treeCpuSeconds = (root: number): number =>
  processTree(root).reduce((sum, pid) => {
    const seconds = cpuSeconds(pid) + waitedCpuSeconds(pid);
    // One that ended since it was found is in what its parent waited for, or lost.
    return pid !== root && Number.isNaN(seconds) ? sum : sum + seconds;
  }, 0);

/** The sum of the most memory that each process has held, in bytes. */
export const treePeakMemory = (root: number): number =>
  processTree(root).reduce((sum, pid) => sum + (peakMemory(pid) || 0), 0);

/** Fields of a line of `/proc/net/tcp`. @see https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt */
const LOCAL_ADDRESS = 1;
const STATE = 3;
const INODE = 9;
const LISTEN = '0A';

/** Which process of a tree listens on a TCP port; `undefined` where that cannot be seen. */
export function listenerOn(port: number, root: number): number | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((path) => look(() => readFileSync(path, 'utf8').split('\n')))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[LOCAL_ADDRESS]?.endsWith(suffix) && fields[STATE] === LISTEN)
    .map((fields) => `socket:[${fields[INODE]}]`);
  return processTree(root).find((pid) =>
    look(() => readdirSync(`/proc/${pid}/fd`)).some((descriptor) =>
      look(() => [readlinkSync(`/proc/${pid}/fd/${descriptor}`)]).some((target) =>
        sockets.includes(target),
      ),
    ),
  );
}
