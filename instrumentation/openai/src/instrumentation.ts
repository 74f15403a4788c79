import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  type InstrumentationConfig,
} from '@opentelemetry/instrumentation';
import { APIS, patchCreate } from './patch.js';
import { VERSION } from './version.js';

type Class = { readonly prototype: Record<string, unknown> } & Record<string, unknown>;

/** The class whose instances have an API: `OpenAI.Chat.Completions` for `chat.completions`. */
function classOf(root: Record<string, unknown>, path: readonly string[]): Class | undefined {
  let found: Record<string, unknown> | undefined = root;
  for (const name of path)
    found = found?.[`${name[0]?.toUpperCase()}${name.slice(1)}`] as typeof found;
  return found as Class | undefined;
}

/** Records every call of the OpenAI SDK in this process, versions 4 to 6. */
export class OpenAIInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super('@colloquy/instrumentation-openai', VERSION, config);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition(
      'openai',
      ['>=4.19.0 <7'],
      (module: Record<string, unknown>) => {
        this.#each(module, (prototype, api) => {
          this._wrap(prototype, 'create', (create) =>
            patchCreate(create, api, () => (this.isEnabled() ? this.tracer : undefined)),
          );
        });
        return module;
      },
      (module: Record<string, unknown>) => {
        this.#each(module, (prototype) => this._unwrap(prototype, 'create'));
      },
    );
  }

  #each(
    module: Record<string, unknown>,
    visit: (
      prototype: { create: Parameters<typeof patchCreate>[0] },
      api: (typeof APIS)[number],
    ) => void,
  ): void {
    const root = (module['OpenAI'] ?? module['default']) as Record<string, unknown>;
    for (const api of APIS) {
      const prototype = classOf(root, api.path)?.prototype;
      if (typeof prototype?.['create'] === 'function')
        visit(prototype as { create: Parameters<typeof patchCreate>[0] }, api);
    }
  }
}
