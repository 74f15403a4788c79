import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { ADMIN, READER } from './config-xml.js';
import { type DataFolder, openDataFolder, removeLeftovers } from './data-folder.js';
import { EarlyExit, type EngineProcess, type ExitReport, launch } from './engine-process.js';
import { findLibrary } from './library.js';
import { findFreePort } from './ports.js';
import { isFolderTaken, isPortTaken, startupFailure } from './startup-failure.js';

const DEFAULT_MAX_MEMORY = 2 * 1024 ** 3;
const PORT_RACES = 5;
/** The child of a collector that was killed is given 5 s by the engine to end; this long where all is slow. */
const FOLDER_WAIT_MS = 15_000;
const FOLDER_POLL_MS = 200;
const FIRST_RESTART_DELAY_MS = 100;
const LAST_RESTART_DELAY_MS = 5_000;
/** A child that lived this long died of something new. */
const STABLE_AFTER_MS = 30_000;

export interface EngineOptions {
  /** Made if missing; one engine at a time. */
  readonly dataDir: string;
  /** Where to listen on 127.0.0.1, or the next free port; 0 lets the kernel choose. */
  readonly httpPort: number;
  /**
   * ClickHouse's native protocol, otherwise as `httpPort`. Off unless given, because a login with a
   * wrong password brings the engine down (26.7), for the third of a second that a restart takes.
   */
  readonly tcpPort?: number | undefined;
  /** Bytes that the server may use; 2 GiB unless given. */
  readonly maxMemory?: number;
  /** Told of what happens after the start without having been asked for. Must not throw. */
  readonly onEvent?: (event: EngineEvent) => void;
}

export type EngineEvent =
  | ({ readonly kind: 'died'; readonly restartInMs: number } & ExitReport)
  | { readonly kind: 'restart-failed'; readonly restartInMs: number; readonly error: Error }
  | { readonly kind: 'restarted'; readonly pid: number };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A running ClickHouse; its user may do everything. */
export interface Engine extends Credentials {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** The port that was taken, which may not be the one that was asked for. */
  readonly httpPort: number;
  readonly tcpPort: number | undefined;
  /** May read the database `colloquy` and nothing else. */
  readonly reader: Credentials;
  /** Of the present child; another one after a restart. */
  readonly pid: number;
  /** Ends the child; at once when clients are closed, after six seconds at worst. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts ClickHouse in a child process and keeps it running, on the same ports, until `stop`.
 * While it is being restarted clients see ECONNREFUSED. It ends with this process, however that ends.
 *
 * @throws ColloquyError `STARTUP_FAILED`, in one sentence that a user can act on
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const library = findLibrary();
  const folder = await openDataFolder(options.dataDir);
  const { httpPort, tcpPort, maxMemory = DEFAULT_MAX_MEMORY } = options;
  const start = { library, folder, httpPort, tcpPort, maxMemory };
  try {
    const first = await launchOnceFree(start);
    // What cannot be removed does no harm.
    await removeLeftovers(folder).catch(() => undefined);
    return new SupervisedEngine(first, { ...start, onEvent: options.onEvent });
  } catch (error) {
    await rm(folder.runDir, { recursive: true, force: true });
    throw error instanceof EarlyExit ? startupFailure(error.report, folder.path) : error;
  }
}

interface StartOptions {
  readonly library: string;
  readonly folder: DataFolder;
  readonly httpPort: number;
  readonly tcpPort: number | undefined;
  readonly maxMemory: number;
}

/** A collector that is started again at once may find the child of the one before still at its end. */
async function launchOnceFree(start: StartOptions): Promise<EngineProcess> {
  const deadline = Date.now() + FOLDER_WAIT_MS;
  for (;;) {
    try {
      return await launchOnFreePorts(start);
    } catch (error) {
      const isHeld = error instanceof EarlyExit && isFolderTaken(error.report);
      if (!isHeld || Date.now() > deadline) throw error;
      await sleep(FOLDER_POLL_MS);
    }
  }
}

async function launchOnFreePorts(start: StartOptions, race = 1): Promise<EngineProcess> {
  const httpPort = await findFreePort(start.httpPort);
  const tcpPort =
    start.tcpPort === undefined ? undefined : await findFreePort(start.tcpPort, httpPort);
  try {
    return await launch({ ...start, httpPort, tcpPort }, new AbortController().signal);
  } catch (error) {
    // Another process was faster between our look and the engine's.
    const lost = error instanceof EarlyExit && isPortTaken(error.report) && race < PORT_RACES;
    if (!lost) throw error;
    return launchOnFreePorts(start, race + 1);
  }
}

interface Supervision extends StartOptions {
  readonly onEvent: EngineOptions['onEvent'];
}

class SupervisedEngine implements Engine {
  readonly url: string;
  readonly httpPort: number;
  readonly tcpPort: number | undefined;
  readonly username = ADMIN;
  readonly password: string;
  readonly reader: Credentials;
  #process: EngineProcess;
  #startedAt = Date.now();
  #failures = 0;
  #stopped: Promise<void> | undefined;
  readonly #options: Supervision;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;

  constructor(first: EngineProcess, options: Supervision) {
    const { admin, reader } = options.folder.passwords;
    this.httpPort = first.httpPort;
    this.tcpPort = first.tcpPort;
    this.url = `http://127.0.0.1:${first.httpPort}`;
    this.password = admin;
    this.reader = { username: READER, password: reader };
    this.#process = first;
    this.#options = options;
    this.#watching = this.#watch();
  }

  get pid(): number {
    return this.#process.pid;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process.stop();
    await this.#watching;
    await rm(this.#options.folder.runDir, { recursive: true, force: true });
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      const report = await this.#process.exited;
      if (signal.aborted) return;
      if (Date.now() - this.#startedAt > STABLE_AFTER_MS) this.#failures = 0;
      this.#tell({ kind: 'died', restartInMs: this.#delay(), ...report });
      const next = await this.#restart(signal);
      if (next === undefined) return;
      this.#process = next;
      this.#startedAt = Date.now();
      // stop() may have come between the child's readiness and this line.
      if (signal.aborted) return next.stop();
      this.#tell({ kind: 'restarted', pid: next.pid });
    }
  }

  /** Tries until a child is ready; undefined once the engine is being stopped. */
  async #restart(signal: AbortSignal): Promise<EngineProcess | undefined> {
    const { httpPort, tcpPort } = this;
    for (;;) {
      try {
        await sleep(this.#delay(), undefined, { signal });
        this.#failures += 1;
        return await launch({ ...this.#options, httpPort, tcpPort }, signal);
      } catch (cause) {
        if (signal.aborted) return undefined;
        const { path } = this.#options.folder;
        const error = cause instanceof EarlyExit ? startupFailure(cause.report, path) : cause;
        this.#tell({ kind: 'restart-failed', restartInMs: this.#delay(), error: asError(error) });
      }
    }
  }

  #delay(): number {
    return Math.min(FIRST_RESTART_DELAY_MS * 2 ** this.#failures, LAST_RESTART_DELAY_MS);
  }

  #tell(event: EngineEvent): void {
    this.#options.onEvent?.(event);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
