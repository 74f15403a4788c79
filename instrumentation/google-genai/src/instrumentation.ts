import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { watchGoogleGenAI } from './methods.js';
import { VERSION } from './version.js';

type Class = new (...args: readonly unknown[]) => object;

interface Module {
  GoogleGenAI?: Class;
}

const VERSIONS = ['>=1.0.0 <4'];

/** Records every call of the Google Gen AI SDK in this process, versions 1 and 2. */
export class GoogleGenAIInstrumentation extends InstrumentationBase {
  /** The classes that ours stand in for. */
  readonly #originals = new WeakMap<object, Class>();

  constructor(config: InstrumentationConfig = {}) {
    super('@colloquy/instrumentation-google-genai', VERSION, config);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    const patch = (module: Module): Module => this.#watch(module);
    const unpatch = (module?: Module): void => this.#leave(module);
    return new InstrumentationNodeModuleDefinition('@google/genai', VERSIONS, patch, unpatch, [
      // What `require` gets is not the main file of the package.
      new InstrumentationNodeModuleFile(
        '@google/genai/dist/node/index.cjs',
        VERSIONS,
        patch,
        unpatch,
      ),
    ]);
  }

  /** Methods are made with each client, so that they are watched there. */
  #watch(module: Module): Module {
    const { GoogleGenAI } = module;
    if (GoogleGenAI === undefined || this.#originals.has(GoogleGenAI)) return module;
    const watched = new Proxy(GoogleGenAI, {
      construct: (target, args: readonly unknown[], newTarget: Class) =>
        watchGoogleGenAI(Reflect.construct(target, args, newTarget), () =>
          this.isEnabled() ? this.tracer : undefined,
        ),
    });
    this.#originals.set(watched, GoogleGenAI);
    module.GoogleGenAI = watched;
    return module;
  }

  #leave(module: Module | undefined): void {
    const original = module?.GoogleGenAI && this.#originals.get(module.GoogleGenAI);
    if (module !== undefined && original !== undefined) module.GoogleGenAI = original;
  }
}
