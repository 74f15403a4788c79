import type { AttributeMap, JsonObject, ThreadCandidate } from '@colloquy/schema';
import { isObject, stringAt } from './messages/json.js';
import { asJson, asString } from './read-value.js';

const CHAT_NAMES = [
  'sessionId',
  'session_id',
  'threadId',
  'thread_id',
  'conversationId',
  'conversation_id',
  'chatId',
  'chat_id',
] as const;
const prefixed = (prefix: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${prefix}${name}`);

/**
 * Which attribute names the thread, best first: the application's own id outranks a
 * library's. `dialects.md` section 28. Never `mcp.session.id` (a transport) and never
 * `langsmith.trace.session_id` (the project).
 */
const THREAD_KEYS: readonly (readonly [rank: number, keys: readonly string[]])[] = [
  [1, ['colloquy.thread.id']],
  [2, ['langfuse.session.id', 'session.id']],
  [3, ['gen_ai.conversation.id', 'gen_ai.session.id']],
  [
    4,
    [
      ...prefixed('traceloop.association.properties.', CHAT_NAMES),
      'lmnr.association.properties.session_id',
    ],
  ],
  [5, prefixed('langsmith.metadata.', ['session_id', 'thread_id', 'conversation_id'])],
  [
    6,
    ['ai.telemetry.metadata.', 'ai.settings.context.'].flatMap((prefix) => [
      ...prefixed(prefix, CHAT_NAMES),
      `${prefix}langfuseSessionId`,
    ]),
  ],
  [7, ['mastra.metadata.threadId', 'mastra.metadata.sessionId']],
  [
    8,
    ['langfuse.trace.metadata.', 'langfuse.observation.metadata.'].flatMap((prefix) =>
      prefixed(prefix, ['langfuse_session_id', 'session_id', 'thread_id', 'conversation_id']),
    ),
  ],
  [
    9,
    [
      'gcp.vertex.agent.session_id',
      'genkit:sessionId',
      'spring.ai.chat.client.conversation.id',
      'voltagent.conversation_id',
      'mlflow.trace.session',
      'mlflow.trace.tag.session_id',
      'mlflow.trace.tag.thread_id',
      'copilot_chat.chat_session_id',
      'conversation.id',
      'thread_id',
      'threadId',
      'metadata.session_id',
      // OpenAI's Agents SDK calls a conversation a group; of its tracers Logfire tells it.
      'group_id',
    ],
  ],
  [10, ['lk.job_id', 'lk.pii.room_name', 'lk.room_name', 'room_id']],
];

const RANKS: ReadonlyMap<string, number> = new Map(
  THREAD_KEYS.flatMap(([rank, keys]) => keys.map((key) => [key, rank] as const)),
);

/** The attributes that name a thread. */
export const THREAD_ATTRIBUTES: readonly string[] = [...RANKS.keys()];

/** JSON attributes that may hold the id one level down, and the rank it then has. */
export const METADATA_KEYS = [
  'metadata',
  'langfuse.trace.metadata',
  'genkit:metadata:context',
] as const;
export const METADATA_NAMES = [
  'langfuse_session_id',
  'session_id',
  'thread_id',
  'conversation_id',
  'sessionId',
  'threadId',
] as const;
const METADATA_RANK = 8;

/** A resource-wide id says less than any span's. */
const RESOURCE_RANK = 11;

/** What stands where an id was taken out: Logfire does so with every attribute named `session`. */
const REDACTED = /^(?:\[(?:scrubbed|redacted)\b.*\]|<redacted>|__redacted__)$/i;

/** Koog and others give each run a conversation id of its own; these keys give it away. */
const RUN_KEYS = ['koog.run.id', 'run.id', 'run_id', 'gen_ai.agent.run.id'] as const;

const isRun = (id: string, attributes: AttributeMap): boolean =>
  RUN_KEYS.some((key) => attributes.get(key) === id);

/** True for ids that some libraries put there although they name one call or one run. */
const isNoThread = (key: string, id: string, traceId: string | undefined): boolean =>
  id.trim() === '' ||
  REDACTED.test(id) ||
  id === traceId ||
  (key === 'gen_ai.conversation.id' && id.startsWith('resp_')) ||
  // Micrometer's word for a value that is not there.
  (key.startsWith('spring.ai.') && id === 'none');

function metadataCandidate(key: string, metadata: JsonObject): ThreadCandidate | undefined {
  const threadId = stringAt(metadata, ...METADATA_NAMES);
  return threadId === undefined ? undefined : { threadId, key, rank: METADATA_RANK };
}

/** Finds every thread id among the attributes of one span or log record; the caller picks per trace. */
export function findThreadCandidates(
  attributes: AttributeMap,
  resource: AttributeMap,
  traceId: string | undefined,
): readonly ThreadCandidate[] {
  const found: ThreadCandidate[] = [];
  for (const [key, value] of attributes) {
    const rank = RANKS.get(key);
    const threadId = rank === undefined ? undefined : asString(value);
    if (rank !== undefined && threadId !== undefined) found.push({ threadId, key, rank });
  }
  for (const key of METADATA_KEYS) {
    const json = attributes.has(key) ? asJson(attributes.get(key) ?? null) : null;
    const candidate = isObject(json) ? metadataCandidate(key, json) : undefined;
    if (candidate !== undefined) found.push(candidate);
  }
  const session = asString(resource.get('session.id') ?? null);
  if (session !== undefined)
    found.push({ threadId: session, key: 'resource:session.id', rank: RESOURCE_RANK });
  return found.filter(
    ({ key, threadId }) =>
      !isNoThread(key, threadId, traceId) &&
      !(key === 'gen_ai.conversation.id' && isRun(threadId, attributes)),
  );
}
