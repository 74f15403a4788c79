import { prototypeOf, watchMethod, type AnyMethod } from '@colloquy/instrumentation-core';
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { METHODS } from './methods.js';
import { VERSION } from './version.js';

type Module = Readonly<Record<string, unknown>>;

/** Records every call of the OpenAI SDK in this process, versions 4 to 7. */
export class OpenAIInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super('@colloquy/instrumentation-openai', VERSION, config);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition(
      'openai',
      ['>=4.19.0 <8'],
      (module: Module) => {
        for (const method of METHODS) {
          const prototype = prototypeOf(module['OpenAI'] ?? module['default'], method);
          if (prototype === undefined) continue;
          this._wrap(prototype as Record<string, AnyMethod>, method.name, (original) =>
            watchMethod(original, method, () => (this.isEnabled() ? this.tracer : undefined)),
          );
        }
        return module;
      },
      (module: Module) => {
        for (const method of METHODS) {
          const prototype = prototypeOf(module['OpenAI'] ?? module['default'], method);
          if (prototype !== undefined) this._unwrap(prototype, method.name);
        }
      },
    );
  }
}
