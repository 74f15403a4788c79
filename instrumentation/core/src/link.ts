import { context, createContextKey, type Context } from '@opentelemetry/api';
import { guard, type Linkable } from '@colloquy/threads/instrumentation';

const LINK = createContextKey('colloquy link');

/** What can be told which message set it off. */
interface Run {
  setParent(messageId: string): void;
}

/** Ties the model calls of one call of a helper to a message, those begun before it is known and those after. */
class Link implements Run {
  #messageId: string | undefined;
  /** Those begun before the helper returned; `setParent` comes before any later one. */
  readonly #begun: Run[] = [];
  /** Of the helper that called this one. */
  readonly #outer: Link | undefined;
  isReturned = false;

  constructor(outer: Link | undefined) {
    this.#outer = outer;
  }

  join(run: Run): void {
    this.#outer?.join(run);
    if (this.#messageId !== undefined) run.setParent(this.#messageId);
    else if (!this.isReturned) this.#begun.push(run);
  }

  setParent(messageId: string): void {
    this.#messageId = messageId;
    for (const run of this.#begun) run.setParent(messageId);
  }
}

const linkOf = (ctx: Context): Link | undefined => ctx.getValue(LINK) as Link | undefined;

/** Lets a model call be tied by the helper that makes it, where there is one. */
export const joinLink = (run: Run, ctx: Context): void => linkOf(ctx)?.join(run);

/** Gives what was returned a method that ties it to the message that set it off. */
export function linkable<R extends object>(result: R, run: Run | undefined): R & Linkable {
  const setParent = (messageId: string): R => {
    run?.setParent(messageId);
    return result;
  };
  // What stands in for an SDK in a test may return anything.
  if (Object.isExtensible(result))
    guard(() =>
      Object.defineProperty(result, 'setParent', { value: setParent, configurable: true }),
    );
  return result as R & Linkable;
}

/** Calls a helper that makes model calls itself, so that all of them can be tied to a message at once. */
export function linkCall<R extends object>(call: () => R): R & Linkable {
  const active = context.active();
  const link = new Link(linkOf(active));
  const result = context.with(active.setValue(LINK, link), call);
  link.isReturned = true;
  return linkable(result, link);
}
