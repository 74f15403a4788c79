import { fieldsOf, type Fields } from './fields.js';
import type { TracerOf } from './record-call.js';
import { isModel, recordedModel } from './recorded-model.js';

type Call = (this: unknown, ...args: unknown[]) => unknown;

/** Of functions that are given a model among their options. */
const FUNCTIONS = ['generateText', 'streamText', 'generateObject', 'streamObject'] as const;

/** Of classes whose settings have a model, which options of a call may stand in for. */
const AGENTS = ['Experimental_Agent', 'ToolLoopAgent'] as const;
const METHODS = ['generate', 'stream'] as const;

/** What is active at the time of a call. */
export type ActiveTracer = () => TracerOf | undefined;

/** The model that a call means: one of its own, or of the provider that names are looked up with. */
function findModel(model: unknown, sdk: Fields): unknown {
  if (typeof model !== 'string') return model;
  const { AI_SDK_DEFAULT_PROVIDER: provider = sdk['gateway'] } = globalThis as {
    AI_SDK_DEFAULT_PROVIDER?: unknown;
  };
  return (provider as { languageModel(id: string): unknown }).languageModel(model);
}

/** The options with a model that is recorded; as they are where there is none to be found. */
function withRecordedModel(
  options: unknown,
  settings: unknown,
  sdk: Fields,
  tracerOf: TracerOf,
): unknown {
  try {
    const model = findModel(fieldsOf(options)['model'] ?? fieldsOf(settings)['model'], sdk);
    return isModel(model)
      ? { ...fieldsOf(options), model: recordedModel(model, tracerOf) }
      : options;
  } catch {
    // What is wrong with the model is for the SDK to say.
    return options;
  }
}

const patchCall = (original: Call, sdk: Fields, active: ActiveTracer): Call =>
  function recorded(this: unknown, options, ...others) {
    const tracerOf = active();
    const { settings } = fieldsOf(this);
    return original.call(
      this,
      tracerOf === undefined ? options : withRecordedModel(options, settings, sdk, tracerOf),
      ...others,
    );
  };

function patchAgents(sdk: Fields, active: ActiveTracer): void {
  const classes = AGENTS.map((name) => sdk[name]).filter((found) => typeof found === 'function');
  // A class may be exported under both names.
  for (const { prototype } of new Set(classes as readonly { prototype: Record<string, Call> }[]))
    for (const method of METHODS) {
      const original = prototype[method];
      if (original !== undefined) prototype[method] = patchCall(original, sdk, active);
    }
}

/** An ES module as a hook sees it can be set; what `require` gives has getters that cannot. */
function withFunctions(sdk: Fields, functions: Fields): unknown {
  if (sdk[Symbol.toStringTag as never] === 'Module') return Object.assign(sdk, functions);
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(sdk),
      ...Object.getOwnPropertyDescriptors(functions),
    },
  );
}

/** The SDK, version 5 or 6, with every model that it is given recorded. */
export function patchSdk(sdk: Fields, active: ActiveTracer): unknown {
  patchAgents(sdk, active);
  const functions = FUNCTIONS.flatMap((name) => {
    const original = sdk[name];
    return typeof original === 'function'
      ? [[name, patchCall(original as Call, sdk, active)] as const]
      : [];
  });
  return withFunctions(sdk, Object.fromEntries(functions));
}
