import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { handlerOf } from './callback-handler.js';
import { PATCHES, type Patch, type Recording } from './patch.js';
import { Runs } from './runs.js';
import { VERSION } from './version.js';

const VERSIONS = ['>=0.3.0 <2'];

/** The module as it is imported, and as it is required. */
const EXTENSIONS = ['js', 'cjs'] as const;

type Owner = Record<string, Parameters<Patch['patch']>[0]>;

/** What has the function that is patched; `undefined` where a version has none. */
function ownerOf(module: unknown, { path, method }: Patch): Owner | undefined {
  let owner: unknown = module;
  for (const name of path) owner = (owner as Record<string, unknown> | undefined)?.[name];
  return typeof (owner as Owner | undefined)?.[method] === 'function'
    ? (owner as Owner)
    : undefined;
}

/** Records what LangChain.js and LangGraph.js do in this process; `@langchain/core` 0.3 and 1. */
export class LangChainInstrumentation extends InstrumentationBase {
  readonly #recording: Recording;

  constructor(config: InstrumentationConfig = {}) {
    super('@colloquy/instrumentation-langchain', VERSION, { ...config, enabled: false });
    const runs = new Runs();
    this.#recording = { runs, handler: handlerOf(runs, () => this.tracer) };
    if (config.enabled !== false) this.enable();
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    const files = PATCHES.flatMap((patch) =>
      EXTENSIONS.map(
        (extension) =>
          new InstrumentationNodeModuleFile(
            `@langchain/core/dist/${patch.file}.${extension}`,
            VERSIONS,
            (module) => this.#patch(module, patch),
            (module) => {
              const owner = ownerOf(module, patch);
              if (owner !== undefined) this._unwrap(owner, patch.method);
            },
          ),
      ),
    );
    return new InstrumentationNodeModuleDefinition(
      '@langchain/core',
      VERSIONS,
      undefined,
      undefined,
      files,
    );
  }

  #patch(module: unknown, patch: Patch): unknown {
    const owner = ownerOf(module, patch);
    if (owner !== undefined)
      this._wrap(owner, patch.method, (original) =>
        patch.patch(original, () => (this.isEnabled() ? this.#recording : undefined)),
      );
    return module;
  }
}
