import { prototypeOf, watchMethod, type AnyMethod } from '@colloquy/instrumentation-core';
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { METHODS } from './methods.js';
import { VERSION } from './version.js';

type Module = Readonly<Record<string, unknown>>;

const VERSIONS = ['>=0.27.0 <2'];

/** Where the classes are; the clients for Bedrock and Vertex AI load these and not the main module. */
const FILES = ['messages', 'beta/messages'].flatMap((path) =>
  ['js', 'mjs'].map((extension) => ({
    file: `@anthropic-ai/sdk/resources/${path}/messages.${extension}`,
    /** What the main module has, as far as this file has it. */
    asMain: ({ Messages }: Module): Module =>
      path === 'messages' ? { Messages } : { Beta: { Messages } },
  })),
);

const mainOf = (module: Module): unknown => module['Anthropic'] ?? module['default'];

/** Records every call of the Anthropic SDK in this process, versions 0.27 to 1. */
export class AnthropicInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super('@colloquy/instrumentation-anthropic', VERSION, config);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition(
      '@anthropic-ai/sdk',
      VERSIONS,
      (module: Module) => this.#watch(module, mainOf(module)),
      (module: Module) => this.#leave(mainOf(module)),
      FILES.map(
        ({ file, asMain }) =>
          new InstrumentationNodeModuleFile(
            file,
            VERSIONS,
            (module: Module) => this.#watch(module, asMain(module)),
            (module?: Module) => module && this.#leave(asMain(module)),
          ),
      ),
    );
  }

  #watch(module: Module, main: unknown): Module {
    for (const method of METHODS) {
      const prototype = prototypeOf(main, method);
      if (prototype === undefined) continue;
      this._wrap(prototype as Record<string, AnyMethod>, method.name, (original) =>
        watchMethod(original, method, () => (this.isEnabled() ? this.tracer : undefined)),
      );
    }
    return module;
  }

  #leave(main: unknown): void {
    for (const method of METHODS) {
      const prototype = prototypeOf(main, method);
      if (prototype !== undefined) this._unwrap(prototype, method.name);
    }
  }
}
