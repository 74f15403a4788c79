import { readFileSync } from 'node:fs';

/** Ticks in a second of `/proc/<pid>/stat`: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Two neighbouring fields of `/proc/<pid>/stat`, user and system time, in seconds. */
function readTimes(pid: number, field: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; field 3 comes after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[field]) + Number(fields[field + 1])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** User and system time that a process has used; NaN where there is no `/proc`. */
export const cpuSeconds = (pid: number): number => readTimes(pid, 11);

/** The same of its children that have ended. */
export const waitedCpuSeconds = (pid: number): number => readTimes(pid, 13);

/** The most memory that a process has held, in bytes; NaN where there is no `/proc`. */
export function peakMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
  } catch {
    return Number.NaN;
  }
}

/** The first process that this one started; `undefined` where that cannot be seen. */
export function childOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children.split(' ')[0]);
  } catch {
    return undefined;
  }
}
