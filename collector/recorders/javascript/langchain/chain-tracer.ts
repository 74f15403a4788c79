import type { RunnableConfig } from '@langchain/core/runnables';
import type { PlayThread } from '../../../dist/recorder/play.js';
import { Tracer } from '../../../dist/emitters/tracer.js';

/** A tracer of LangChain, which may want to be told with each run. */
export class ChainTracer extends Tracer {
  /** What the app adds to a run's settings. */
  config(_thread: PlayThread): RunnableConfig {
    return {};
  }

  /** The ids go to where the tracer wants them, unless the scenario has them elsewhere. */
  get tellsIds(): boolean {
    return this.play.scenario.threadIdOn === undefined;
  }
}
