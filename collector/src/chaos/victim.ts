import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { childOf } from '../bench/process-usage.js';
import { cleanEnvironment, PROGRAM } from '../bench/spawn-collector.js';

const READY = /OTLP\/HTTP\s+http:/;

export interface VictimOptions {
  readonly dataDir: string;
  /** Of 127.0.0.1; the same after each restart, so that senders find it again. */
  readonly port: number;
  /** Variables beside those that every run has. */
  readonly settings: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** A collector that is killed and started again, with its ClickHouse. */
export class Victim {
  readonly #options: VictimOptions;
  #child: ChildProcess | undefined;

  constructor(options: VictimOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /** The collector's, while it runs. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null ? this.#child.pid : undefined;
  }

  /** Of what it has started, while that runs. */
  get childPid(): number | undefined {
    return this.pid === undefined ? undefined : childOf(this.pid);
  }

  /** Resolves once it is ready. @throws Error when it ends before */
  async start(): Promise<void> {
    const { dataDir, port, settings, signal } = this.#options;
    const flags = ['--listen', `127.0.0.1:${port}`, '--grpc-listen', 'off', '--data-dir', dataDir];
    const store = ['--clickhouse-http-port', '0', '--clickhouse-tcp-port', '0'];
    const child = spawn(process.execPath, [PROGRAM, ...flags, ...store], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...cleanEnvironment('chaos'), ...settings },
      detached: true,
    });
    this.#child = child;
    let said = '';
    createInterface({ input: child.stderr }).on('line', (line) => (said = line));
    const lines = createInterface({ input: child.stdout, signal });
    const ended = once(child, 'exit');
    const ready = (async () => {
      for await (const line of lines) if (READY.test(line)) return true;
      return false;
    })();
    const isReady = await Promise.race([ready, ended.then(() => false)]);
    signal.throwIfAborted();
    if (!isReady) throw new Error(`The collector ended before it was ready; it said: ${said}`);
    child.stdout.resume();
  }

  /** Kills it, and resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
