import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childOf } from './process-usage.js';

/** A collector in a process of its own, as users run it. */
export interface CollectorProcess {
  /** `http://host:port` of OTLP/HTTP and the query API. */
  readonly url: string;
  readonly pid: number;
  /** The embedded ClickHouse; `undefined` where the system does not tell. */
  readonly enginePid: number | undefined;
  stop(): Promise<void>;
}

export interface SpawnOptions {
  readonly dataDir: string;
  /** Where to write a CPU profile when it ends. */
  readonly profileDir: string | undefined;
  readonly signal: AbortSignal;
}

/** The collector as it is built. */
export const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
const ADDRESS = /OTLP\/HTTP\s+(http:\/\/\S+)/;
const STOP_TIMEOUT_MS = 60_000;

/**
 * Nobody's settings; and npm's name, with which the collector ends when this process is gone.
 *
 * @param script - the npm script that it is started for
 */
export const cleanEnvironment = (script: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('COLLOQUY_')),
  ),
  npm_lifecycle_event: script,
});

/** @throws Error when the collector ends before it is ready */
export async function spawnCollector(options: SpawnOptions): Promise<CollectorProcess> {
  const { dataDir, profileDir, signal } = options;
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const settings = ['--listen', '127.0.0.1:0', '--grpc-listen', 'off', '--data-dir', dataDir];
  const store = ['--clickhouse-http-port', '0', '--clickhouse-tcp-port', '0'];
  const child = spawn(process.execPath, [...profiling, PROGRAM, ...settings, ...store], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: cleanEnvironment('bench'),
    // Ctrl-C in a terminal reaches this process alone, which then stops the collector.
    detached: true,
  });
  const exited = once(child, 'exit').then(() => undefined);
  const stop = (): Promise<void> => stopChild(child, exited);
  try {
    const url = await Promise.race([readAddress(child, signal), exited]);
    if (url === undefined || child.pid === undefined) {
      throw new Error('The collector ended before it was ready.');
    }
    return { url, pid: child.pid, enginePid: childOf(child.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** From what the collector prints once it is ready. */
async function readAddress(
  { stdout }: ChildProcess,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (stdout === null) return undefined;
  const lines = createInterface({ input: stdout, signal });
  for await (const line of lines) {
    const url = ADDRESS.exec(line)?.[1];
    if (url !== undefined) {
      stdout.resume();
      return url;
    }
  }
  signal.throwIfAborted();
  return undefined;
}

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
