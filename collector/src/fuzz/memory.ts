import { readFileSync } from 'node:fs';

/** Memory that a process holds now, in bytes; NaN where there is no `/proc`. */
export function residentMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
  } catch {
    return Number.NaN;
  }
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
