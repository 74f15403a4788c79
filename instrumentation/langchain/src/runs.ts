import { context, createContextKey, type Context } from '@opentelemetry/api';
import { once, scopeOf, withScope, type Observer } from '@colloquy/threads/instrumentation';
import { fieldsOf, firstOf } from './fields.js';

/** The run that code runs in. */
const RUN = createContextKey('colloquy langchain run');
/** The stream that waits for its run to begin. */
const STREAM = createContextKey('colloquy langchain stream');

/** What of a run has a span. */
interface Recorded extends Observer {
  readonly context: Context;
}

interface Run {
  readonly parentId: string | undefined;
  readonly context: Context;
  /** Of a run that has no span of its own, none. */
  readonly observer: Observer | undefined;
  /** The ids of the runs that it has begun and that are going on. */
  readonly below: Set<string>;
}

/** What LangChain says of each run. */
export interface RunStart {
  readonly id: string;
  readonly parentId: string | undefined;
  /** What LangChain's manager of the run holds too, and nobody else: the run is forgotten with it. */
  readonly tags: readonly string[] | undefined;
  readonly metadata: unknown;
}

/** A stream that the application was given. */
export interface StreamOfRun {
  /** In which it was asked for. */
  readonly context: Context;
  readonly runId: string | undefined;
}

/** Where applications keep the id of their conversation; LangGraph's is the first. */
const THREAD_IDS = ['thread_id', 'session_id', 'conversation_id'] as const;

function inThread(ctx: Context, metadata: unknown): Context {
  if (scopeOf(ctx) !== undefined) return ctx;
  const threadId = firstOf(fieldsOf(metadata), THREAD_IDS);
  return typeof threadId === 'string' && threadId !== '' ? withScope(ctx, { threadId }) : ctx;
}

/** The runs that are going on, by the ids that LangChain gives them. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  /** Runs whose managers are gone will not be heard of again. */
  readonly #forgotten = new FinalizationRegistry<string>((id) => this.cancel(id));

  /** @param record - starts the span of the run in the active context; runs without one lead on to their parent */
  start({ id, parentId, tags, metadata }: RunStart, record: () => Recorded | undefined): void {
    const around = inThread(this.#contextAt(parentId), metadata);
    const recorded = context.with(around, record);
    const inside = recorded?.context ?? around;
    this.#runs.set(id, {
      parentId,
      context: inside.setValue(RUN, id),
      observer: recorded && once(recorded),
      below: new Set(),
    });
    this.#find(parentId)?.below.add(id);
    if (tags !== undefined) this.#forgotten.register(tags, id);
    const stream = inside.getValue(STREAM) as { runId: string | undefined } | undefined;
    if (stream !== undefined) stream.runId ??= id;
  }

  /** Whether nothing is known of what began a run; LangSmith may have, or a call without the handler. */
  isRoot(parentId: string | undefined): boolean {
    return this.#find(parentId) === undefined;
  }

  get(id: string): Observer | undefined {
    return this.#runs.get(id)?.observer;
  }

  end(id: string, tell: (observer: Observer) => void): void {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    this.#find(run?.parentId)?.below.delete(id);
    if (run?.observer !== undefined) tell(run.observer);
  }

  /** Ends a run that was left, and those that it has begun. */
  cancel(id: string): void {
    for (const below of this.#find(id)?.below ?? []) this.cancel(below);
    this.end(id, (observer) => observer.cancelled());
  }

  /** Runs code of LangChain's in the context of the run that it belongs to. */
  within<T>(id: string | undefined, fn: () => T): T {
    return context.with(this.#contextAt(id), fn);
  }

  /** Asks for a stream, so that the run behind it is known. */
  stream<T>(fn: () => T): T {
    const stream: { runId: string | undefined; context: Context } = {
      runId: undefined,
      context: context.active(),
    };
    stream.context = stream.context.setValue(STREAM, stream);
    return context.with(stream.context, fn);
  }

  /** The stream that is made here, if one was asked for in this very context. */
  streamHere(): StreamOfRun | undefined {
    const active = context.active();
    const stream = active.getValue(STREAM) as StreamOfRun | undefined;
    return stream?.context === active ? stream : undefined;
  }

  /** The active context where it is inside the run already, for it may know more: a span of the application's. */
  #contextAt(id: string | undefined): Context {
    const active = context.active();
    const run = this.#find(id);
    return run === undefined || active.getValue(RUN) === id ? active : run.context;
  }

  #find(id: string | undefined): Run | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }
}
