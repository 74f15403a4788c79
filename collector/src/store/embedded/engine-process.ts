import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

import { configXml, usersXml } from './config-xml.js';
import { type DataFolder, unwritable } from './data-folder.js';
import { SHADOW_FUNCTION, startStatements } from './statements.js';

const STDERR_LIMIT = 16 * 1024;
/** The engine gives open connections and queries 5 s, whatever its configuration says. */
const STOP_TIMEOUT_MS = 6_000;
/** Loading a large data folder after a crash takes seconds; this long means that it hangs. */
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 10;

export interface LaunchOptions {
  /** Path of the shared library. */
  readonly library: string;
  readonly folder: DataFolder;
  /** 0 lets the kernel choose. */
  readonly httpPort: number;
  /** 0 lets the kernel choose; undefined leaves the native protocol off. */
  readonly tcpPort: number | undefined;
  /** Bytes. */
  readonly maxMemory: number;
}

/** How a child ended. */
export interface ExitReport {
  /** 0 also after many failed starts, so it says little. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last that it wrote to stderr, at most 16 KiB. */
  readonly stderr: string;
}

/** A child that answers queries. */
export interface EngineProcess {
  readonly pid: number;
  readonly httpPort: number;
  readonly tcpPort: number | undefined;
  /** Resolves when it has ended, for whatever reason. */
  readonly exited: Promise<ExitReport>;
  /** Ends it cleanly if it can, by SIGKILL after six seconds if not; resolves when it is gone. */
  stop(): Promise<void>;
}

/** The child ended, or was ended for being too slow, before it answered queries. */
export class EarlyExit extends Error {
  override readonly name = 'EarlyExit';
  readonly report: ExitReport;

  constructor(report: ExitReport) {
    super('The engine exited before it was ready');
    this.report = report;
  }
}

/**
 * Starts one child and waits until it answers queries.
 *
 * @param signal - ends a child that is still starting
 * @throws EarlyExit when it ends before it is ready
 */
export async function launch(options: LaunchOptions, signal: AbortSignal): Promise<EngineProcess> {
  const { runDir } = options.folder;
  const readyFile = join(runDir, 'ready.json');
  await rm(readyFile, { force: true });
  const configFile = await writeConfig(options);
  const child = spawnChild(options, configFile, readyFile);
  const exited = watchExit(child);
  const stop = stopOnce(child, exited);
  const stopQuietly = (): void => void stop();
  signal.addEventListener('abort', stopQuietly, { once: true });
  if (signal.aborted) stopQuietly();
  try {
    const ports = await waitUntilReady(readyFile, exited);
    if (ports === undefined || child.pid === undefined) {
      await stop();
      throw new EarlyExit(await exited);
    }
    return { pid: child.pid, httpPort: ports.http, tcpPort: ports.tcp, exited, stop };
  } finally {
    signal.removeEventListener('abort', stopQuietly);
  }
}

/** Written before each start, so that nothing done to the files meanwhile lasts. */
async function writeConfig({ folder, ...options }: LaunchOptions): Promise<string> {
  const { path, runDir, passwords } = folder;
  const usersFile = join(runDir, 'users.xml');
  const configFile = join(runDir, 'config.xml');
  const shadow = join(runDir, SHADOW_FUNCTION.fileName);
  const users = usersXml({
    adminPassword: passwords.admin,
    readerPassword: passwords.reader,
    maxMemory: options.maxMemory,
  });
  try {
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    await writeFile(usersFile, users, { mode: 0o600 });
    await writeFile(configFile, configXml({ ...options, dataDir: path, usersFile }));
    await writeFile(shadow, SHADOW_FUNCTION.sql);
    await rename(shadow, join(path, 'clickhouse/user_defined', SHADOW_FUNCTION.fileName));
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return configFile;
}

function spawnChild(options: LaunchOptions, configFile: string, readyFile: string): ChildProcess {
  const program = createRequire(import.meta.url).resolve('#engine-child');
  const query = startStatements(readyFile, options.tcpPort !== undefined);
  const engineArguments = [`--config-file=${configFile}`, `--query=${query}`];
  const child = spawn(process.execPath, [program, options.library, ...engineArguments], {
    cwd: options.folder.path,
    // Nothing of ours, keys least of all. `TZ` because the `timezone` setting is ignored.
    env: { TZ: 'UTC' },
    stdio: ['pipe', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C in a terminal reaches the parent alone.
    detached: true,
  });
  child.stdin.on('error', () => {
    // The child ended before its stdin was closed; its exit tells more.
  });
  return child;
}

function watchExit(child: ChildProcess): Promise<ExitReport> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-STDERR_LIMIT);
  });
  return new Promise((resolve) => {
    // `close` rather than `exit`, so that stderr is whole.
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stderr }));
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ exitCode: null, signal: null, stderr: error.message });
    });
  });
}

function stopOnce(child: ChildProcess, exited: Promise<ExitReport>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  };
  return () => (stopped ??= stop());
}

const portsSchema = z.object({ http: z.number(), tcp: z.number().optional() });
type Ports = z.infer<typeof portsSchema>;

/** The ports that were opened; undefined when the child ended or took too long. */
async function waitUntilReady(
  file: string,
  exited: Promise<ExitReport>,
): Promise<Ports | undefined> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const ended = exited.then(() => 'ended' as const);
  for (;;) {
    const ports = await readPorts(file);
    if (ports !== undefined) return ports;
    const first = await Promise.race([sleep(READY_POLL_MS), ended]);
    if (first === 'ended' || Date.now() > deadline) return undefined;
  }
}

/** Undefined while the file is absent or half written. */
async function readPorts(file: string): Promise<Ports | undefined> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
