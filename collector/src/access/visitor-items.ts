import type { AttributeMap, Span } from '@colloquy/schema';
import type { Visitor } from './thread-token.js';

/** Names of the thread; each that is there has to be the token's. */
const THREAD_KEYS = ['colloquy.thread.id', 'session.id', 'gen_ai.conversation.id'];

/** What a page says of a thread, with `@colloquy/browser`; anything else could name another thread. */
const SPAN_KEYS: ReadonlySet<string> = new Set([
  ...THREAD_KEYS,
  'user.id',
  'colloquy.span.kind',
  'colloquy.thread.tags',
  'colloquy.user.props',
  'colloquy.message.id',
  'colloquy.message.parent_id',
  'colloquy.message.replaces',
  'colloquy.message.metadata',
  'colloquy.event.name',
  'colloquy.event.metadata',
  'colloquy.feedback',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
]);

const RESOURCE_KEYS: ReadonlySet<string> = new Set([
  'service.name',
  'service.version',
  'telemetry.sdk.name',
  'telemetry.sdk.language',
  'telemetry.sdk.version',
]);

const KINDS: readonly unknown[] = ['message', 'event', 'feedback'];

const METADATA = 'colloquy.metadata.';

const foreignKey = (
  attributes: AttributeMap,
  isKnown: (key: string) => boolean,
): string | undefined => [...attributes.keys()].find((key) => !isKnown(key));

/**
 * Why an item may not come in with a token; `undefined` where it may. Pure. Only what is known to be of
 * the token's thread and user is let in.
 */
export function refusalOf({ threadId, userId }: Visitor, span: Span): string | undefined {
  const { attributes, resource, scope, links, events } = span;
  if (!KINDS.includes(attributes.get('colloquy.span.kind')))
    return 'with a thread token only messages, events and feedback are taken';
  if (attributes.get('colloquy.thread.id') !== threadId)
    return 'it is not of the thread of the token';
  if (THREAD_KEYS.some((key) => attributes.has(key) && attributes.get(key) !== threadId))
    return 'it is not of the thread of the token';
  if (attributes.has('user.id') && attributes.get('user.id') !== userId)
    return 'it is not of the user of the token';
  const foreign =
    foreignKey(attributes, (key) => SPAN_KEYS.has(key) || key.startsWith(METADATA)) ??
    foreignKey(resource.attributes, (key) => RESOURCE_KEYS.has(key)) ??
    foreignKey(scope.attributes, () => false);
  if (foreign !== undefined || links.length > 0 || events.length > 0)
    return 'it has attributes, links or events that are not taken with a thread token';
  return undefined;
}
