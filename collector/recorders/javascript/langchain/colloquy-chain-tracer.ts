import { register } from 'node:module';
import { LangChainInstrumentation } from '@colloquy/instrumentation-langchain';
import type { RunnableConfig } from '@langchain/core/runnables';
import type { Play } from '../../../dist/recorder/play.js';
import { ColloquyTracer } from '../../../dist/emitters/colloquy-tracer.js';

/** Our own instrumentation, which patches LangChain as it is loaded. */
export class ColloquyChainTracer extends ColloquyTracer {
  constructor(play: Play) {
    // Of the packages of this repository, as the instrumentation is: an old one lies nearer.
    register('@opentelemetry/instrumentation/hook.mjs', new URL('../../../dist/', import.meta.url));
    super(play, 'langchain-colloquy');
    new LangChainInstrumentation();
  }

  config(): RunnableConfig {
    return {};
  }
}
