import type { Tracer } from '@opentelemetry/api';
import { guard } from '@colloquy/threads/instrumentation';
import { Generation, type GenerationRequest, type ResponseReader } from './generation.js';
import { linkCall } from './link.js';
import { runGeneration } from './run-generation.js';

/** Where a method of an SDK is found. */
interface Place {
  /** From a client to what has the method; `['chat', 'completions']`. */
  readonly path: readonly string[];
  readonly name: string;
}

/** A method that calls a model. */
export interface ModelMethod extends Place {
  /**
   * @param args - of the call
   * @param owner - what the method is called on
   */
  readonly describe: (args: readonly unknown[], owner: unknown) => GenerationRequest;
  readonly reader: ResponseReader;
}

/** A method that calls those that call a model; what it returns can be tied to a message. */
type HelperMethod = Place;

export type WatchedMethod = ModelMethod | HelperMethod;

export type AnyMethod = (this: unknown, ...args: unknown[]) => object;

/** Asked at each call, for it may change; `undefined` where nothing is to be recorded. */
export type TracerOf = () => Tracer | undefined;

/** What is watched already; nothing is told twice. */
const watched = new WeakSet<AnyMethod>();

function watch(original: AnyMethod, method: WatchedMethod, tracerOf: TracerOf): AnyMethod {
  if (!('describe' in method))
    return function linkedMethod(...args) {
      return linkCall(() => original.apply(this, args));
    };
  return function tracedMethod(...args) {
    const call = (): object => original.apply(this, args);
    const tracer = guard(tracerOf);
    if (tracer === undefined) return runGeneration(undefined, call);
    const describe = (): GenerationRequest => method.describe(args, this);
    return runGeneration(Generation.start(tracer, describe, method.reader), call);
  };
}

/** A method whose calls are recorded. What it returns and throws is that of the original. */
export function watchMethod(
  original: AnyMethod,
  method: WatchedMethod,
  tracerOf: TracerOf,
): AnyMethod {
  if (watched.has(original)) return original;
  const own = watch(original, method, tracerOf);
  watched.add(own);
  return own;
}

type Fields = Record<string, unknown>;

/** Records the calls of one client, and returns it. */
export function watchClient<T extends object>(
  client: T,
  methods: readonly WatchedMethod[],
  tracerOf: TracerOf,
): T {
  for (const method of methods)
    guard(() => {
      let owner: unknown = client;
      for (const name of method.path) owner = (owner as Fields | undefined)?.[name];
      const original = (owner as Fields | undefined)?.[method.name];
      if (typeof original !== 'function' || watched.has(original as AnyMethod)) return;
      const own = watchMethod(original as AnyMethod, method, tracerOf).bind(owner);
      watched.add(own);
      (owner as Fields)[method.name] = own;
    });
  return client;
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What all instances that have a method inherit it from: of `chat.completions`, `OpenAI.Chat.Completions`. */
export function prototypeOf(root: unknown, { path, name }: Place): Fields | undefined {
  let found = root as Fields | undefined;
  for (const step of path) found = found?.[capital(step)] as Fields | undefined;
  const prototype = found?.['prototype'] as Fields | undefined;
  return typeof prototype?.[name] === 'function' ? prototype : undefined;
}
