import {
  context,
  createContextKey,
  propagation,
  type Attributes,
  type AttributeValue,
  type Context,
} from '@opentelemetry/api';
import { encodeJson } from './capture.js';
import {
  ATTR_COLLOQUY_METADATA,
  ATTR_COLLOQUY_PARENT_MESSAGE_ID,
  ATTR_COLLOQUY_THREAD_ID,
  ATTR_COLLOQUY_THREAD_TAGS,
  ATTR_COLLOQUY_USER_PROPS,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from './semconv.js';

/** Who is talking. */
export interface User {
  readonly userId?: string | undefined;
  /** What is known of the user: name, e-mail, plan. */
  readonly userProps?: Readonly<Record<string, unknown>> | undefined;
}

/** The thread that spans belong to. */
export interface Scope extends User {
  readonly threadId: string;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The message that set off a run; it may become known while the run goes on. */
export interface Parent {
  messageId: string | undefined;
  /** Of the run around this one. */
  readonly outer: Parent | undefined;
}

const SCOPE = createContextKey('colloquy scope');
const PARENT = createContextKey('colloquy parent');

const setBaggage = (
  ctx: Context,
  entries: Readonly<Record<string, string | undefined>>,
): Context => {
  let baggage = propagation.getBaggage(ctx) ?? propagation.createBaggage();
  for (const [name, value] of Object.entries(entries))
    baggage = value === undefined ? baggage.removeEntry(name) : baggage.setEntry(name, { value });
  return propagation.setBaggage(ctx, baggage);
};

/** A context whose spans, here and in the services that it reaches, belong to a thread. */
export const withScope = (ctx: Context, scope: Scope): Context =>
  setBaggage(ctx.setValue(SCOPE, scope), {
    [ATTR_COLLOQUY_THREAD_ID]: scope.threadId,
    [ATTR_USER_ID]: scope.userId,
    [ATTR_COLLOQUY_THREAD_TAGS]: scope.tags?.length ? encodeJson(scope.tags) : undefined,
  });

/** A context whose spans, here and in the services that it reaches, were set off by a message. */
export function withParentMessage(ctx: Context, messageId: string | undefined): [Context, Parent] {
  const parent: Parent = { messageId, outer: ctx.getValue(PARENT) as Parent | undefined };
  const inside = ctx.setValue(PARENT, parent);
  return messageId === undefined
    ? [inside, parent]
    : [setBaggage(inside, { [ATTR_COLLOQUY_PARENT_MESSAGE_ID]: messageId }), parent];
}

/** The message that set off what runs in a context. */
function parentMessageOf(ctx: Context): string | undefined {
  for (
    let parent = ctx.getValue(PARENT) as Parent | undefined;
    parent !== undefined;
    parent = parent.outer
  )
    if (parent.messageId !== undefined) return parent.messageId;
  return baggageAt(ctx, ATTR_COLLOQUY_PARENT_MESSAGE_ID);
}

const baggageAt = (ctx: Context, name: string): string | undefined =>
  propagation.getBaggage(ctx)?.getEntry(name)?.value;

function tagsOf(text: string | undefined): readonly string[] {
  try {
    const tags: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  } catch {
    return [];
  }
}

/** The thread of a context: set in this process, or by the one that called it. */
export function scopeOf(ctx: Context = context.active()): Scope | undefined {
  const own = ctx.getValue(SCOPE) as Scope | undefined;
  if (own !== undefined) return own;
  const threadId = baggageAt(ctx, ATTR_COLLOQUY_THREAD_ID);
  if (threadId === undefined) return undefined;
  return {
    threadId,
    userId: baggageAt(ctx, ATTR_USER_ID),
    tags: tagsOf(baggageAt(ctx, ATTR_COLLOQUY_THREAD_TAGS)),
  };
}

const isPlain = (value: unknown): value is AttributeValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const metadataAttributes = (metadata: Scope['metadata'] = {}): Attributes =>
  Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      `${ATTR_COLLOQUY_METADATA}.${key}`,
      isPlain(value) ? value : encodeJson(value),
    ]),
  );

/** What tells who is talking. */
export const userAttributes = ({ userId, userProps }: User): Attributes => ({
  ...(userId !== undefined && { [ATTR_USER_ID]: userId }),
  ...(userProps !== undefined && { [ATTR_COLLOQUY_USER_PROPS]: encodeJson(userProps) }),
});

/** What puts a span into its thread, for us and for other backends. */
export const scopeAttributes = (scope: Scope): Attributes => ({
  [ATTR_COLLOQUY_THREAD_ID]: scope.threadId,
  [ATTR_GEN_AI_CONVERSATION_ID]: scope.threadId,
  [ATTR_SESSION_ID]: scope.threadId,
  ...(scope.tags?.length && { [ATTR_COLLOQUY_THREAD_TAGS]: [...scope.tags] }),
  ...userAttributes(scope),
  ...metadataAttributes(scope.metadata),
});

/** What ties a span to the message that set it off. */
export const parentAttributes = (messageId: string | undefined): Attributes =>
  messageId === undefined ? {} : { [ATTR_COLLOQUY_PARENT_MESSAGE_ID]: messageId };

/** What every span started in a context carries. */
export function contextAttributes(ctx: Context): Attributes {
  const scope = scopeOf(ctx);
  return { ...(scope && scopeAttributes(scope)), ...parentAttributes(parentMessageOf(ctx)) };
}
