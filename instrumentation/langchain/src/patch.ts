import { guard, observe } from '@colloquy/threads/instrumentation';
import type { CallbackHandler } from './callback-handler.js';
import { fieldsOf } from './fields.js';
import type { Runs } from './runs.js';

/** A function that is patched: any, passed on as it was called. */
type Call = (this: unknown, ...args: unknown[]) => unknown;

/** What the patches work with; `undefined` while the instrumentation is off. */
export interface Recording {
  readonly runs: Runs;
  readonly handler: CallbackHandler;
}

type RecordingOf = () => Recording | undefined;

/** One function of LangChain's and what is put in its place. */
export interface Patch {
  /** Of its module below `dist` of `@langchain/core`, without extension. */
  readonly file: string;
  /** From the exports of the module to what has the function. */
  readonly path: readonly string[];
  readonly method: string;
  readonly patch: (original: Call, recordingOf: RecordingOf) => Call;
}

interface CallbackManager {
  readonly handlers: readonly CallbackHandler[];
  addHandler(handler: CallbackHandler, inherit: boolean): void;
  removeHandler(handler: CallbackHandler): void;
}

/** Has a manager of callbacks tell our handler; one that was added by hand makes way for it. */
function addHandler(manager: CallbackManager, handler: CallbackHandler): void {
  for (const other of manager.handlers)
    if (other.name === handler.name && other !== handler) manager.removeHandler(other);
  if (!manager.handlers.includes(handler)) manager.addHandler(handler, true);
}

/** Where nobody listens, LangChain makes no manager; ours is then the handler that it makes one for. */
const configure: Patch['patch'] = (original, recordingOf) =>
  function _configureSync(this: unknown, ...args) {
    const { handler } = recordingOf() ?? {};
    if (handler === undefined) return original.apply(this, args);
    const [inheritable, local, ...others] = args;
    if (!inheritable && !local) return original.call(this, [handler], local, ...others);
    const manager = original.apply(this, args) as CallbackManager;
    guard(() => addHandler(manager, handler));
    return manager;
  };

/** The run whose children a configuration begins. */
function runOf(config: unknown): string | undefined {
  const { callbacks } = fieldsOf(config);
  const { _parentRunId: id } = fieldsOf(callbacks);
  return typeof id === 'string' ? id : undefined;
}

/** Runs what belongs to a run in its context: functions, tools, nodes of a graph. */
const inRun: Patch['patch'] = (original, recordingOf) =>
  function runWithConfig(this: unknown, ...args) {
    const call = (): unknown => original.apply(this, args);
    const recording = recordingOf();
    return recording === undefined ? call() : recording.runs.within(runOf(args[0]), call);
  };

/** Knows the run behind a stream that the application asks for. */
const watchStream: Patch['patch'] = (original, recordingOf) =>
  function stream(this: unknown, ...args) {
    const call = (): unknown => original.apply(this, args);
    const recording = recordingOf();
    return recording === undefined ? call() : recording.runs.stream(call);
  };

/** Ends the run of a stream that is left; LangChain's callbacks do not tell of that. */
const watchGenerator: Patch['patch'] = (original, recordingOf) =>
  function fromAsyncGenerator(this: unknown, ...args) {
    guard(() => {
      const { runs } = recordingOf() ?? {};
      const { runId } = runs?.streamHere() ?? {};
      if (runs === undefined || runId === undefined) return;
      observe(args[0], {
        done: () => undefined,
        failed: (error) => runs.end(runId, (run) => run.failed(error)),
        cancelled: () => runs.cancel(runId),
      });
    });
    return original.apply(this, args);
  };

/** Everything of LangChain's that is patched. */
export const PATCHES: readonly Patch[] = [
  {
    file: 'callbacks/manager',
    path: ['CallbackManager'],
    method: '_configureSync',
    patch: configure,
  },
  {
    file: 'singletons/async_local_storage/index',
    path: ['AsyncLocalStorageProviderSingleton'],
    method: 'runWithConfig',
    patch: inRun,
  },
  { file: 'runnables/base', path: ['Runnable', 'prototype'], method: 'stream', patch: watchStream },
  {
    file: 'utils/stream',
    path: ['IterableReadableStream'],
    method: 'fromAsyncGenerator',
    patch: watchGenerator,
  },
];
