import { join } from 'node:path';
import { startEngine, type Engine } from '../store/embedded/engine.js';
import { Gate } from './gate.js';

/** A ClickHouse that is not the collector's own, as operators run it, behind a gate. */
export class ClickHouseApart {
  readonly #engine: Engine;
  readonly gate: Gate;

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.gate = new Gate(engine.httpPort);
  }

  static async start(folder: string): Promise<ClickHouseApart> {
    const dataDir = join(folder, 'apart');
    const apart = new ClickHouseApart(await startEngine({ dataDir, httpPort: 0 }));
    await apart.gate.open();
    return apart;
  }

  /** It is started again by itself when it is killed, after a moment. */
  get pid(): number {
    return this.#engine.pid;
  }

  /** What the collector is told of it. */
  get settings(): NodeJS.ProcessEnv {
    return {
      COLLOQUY_CLICKHOUSE_URL: this.gate.url,
      COLLOQUY_CLICKHOUSE_USER: this.#engine.username,
      COLLOQUY_CLICKHOUSE_PASSWORD: this.#engine.password,
    };
  }

  async stop(): Promise<void> {
    await this.gate.shut();
    await this.#engine.stop();
  }
}
