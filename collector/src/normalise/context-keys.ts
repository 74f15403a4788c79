import type { AttributeMap, Json, JsonObject } from '@colloquy/schema';
import { isObject, stringAt } from './messages/json.js';
import { toJson } from '../to-json.js';
import { asJson, asString, asStrings } from './read-value.js';
import { remember } from './remember.js';

/** Who is talking, best key first; `dialects.md` section 28. */
export const USER_KEYS = [
  'colloquy.user.id',
  'langfuse.user.id',
  'user.id',
  'enduser.id',
  'traceloop.association.properties.user_id',
  'lmnr.association.properties.user_id',
  'langsmith.metadata.user_id',
  'ai.telemetry.metadata.userId',
  'ai.telemetry.metadata.user_id',
  'ai.settings.context.userId',
  'mastra.metadata.userId',
  'mastra.metadata.resourceId',
  'gen_ai.user.id',
  'gen_ai.request.user',
  'gen_ai.user',
  'llm.user',
  'litellm.end_user.id',
  'user.account_uuid',
  'user.account_id',
  'enduser.pseudo.id',
  'user.email',
  'userId',
  'resourceId',
] as const;

const TAG_KEYS = [
  'colloquy.thread.tags',
  'langfuse.trace.tags',
  'langfuse.tags',
  'tag.tags',
  'langsmith.span.tags',
  'lmnr.association.properties.tags',
  'mastra.tags',
  'opik.tags',
  'ai.telemetry.metadata.tags',
  'tags',
] as const;

/** Tags that LangGraph adds to every step: noise. */
const FRAMEWORK_TAG = /^(?:seq|graph):step:\d+$/;

/** The metadata that applications hang on their spans. */
const METADATA_PREFIXES = [
  'langfuse.trace.metadata.',
  'langfuse.observation.metadata.',
  'langsmith.metadata.',
  'ai.telemetry.metadata.',
  'ai.settings.context.',
  'traceloop.association.properties.',
  'lmnr.association.properties.metadata.',
  'mastra.metadata.',
  'opik.metadata.',
  'colloquy.metadata.',
] as const;

function jsonAt(attributes: AttributeMap, key: string): JsonObject {
  const value = attributes.get(key);
  const json = value == null ? null : asJson(value);
  return isObject(json) ? json : {};
}

/** JSON attributes that may hold the user one level down. */
const USER_METADATA_KEYS = ['metadata', 'genkit:metadata:context'] as const;
export const USER_METADATA_NAMES = ['user_id', 'langfuse_user_id', 'userId'] as const;

/** The user a span names; JSON is asked last. */
export function findUserId(attributes: AttributeMap): string | undefined {
  for (const key of USER_KEYS) {
    const user = attributes.has(key) ? asString(attributes.get(key) ?? null) : undefined;
    if (user !== undefined) return user;
  }
  for (const key of USER_METADATA_KEYS) {
    const user = attributes.has(key)
      ? stringAt(jsonAt(attributes, key), ...USER_METADATA_NAMES)
      : undefined;
    if (user !== undefined) return user;
  }
  return undefined;
}

/** All tags of a span, from every key that holds some. */
export function findTags(attributes: AttributeMap): readonly string[] {
  const tags = new Set<string>();
  for (const key of TAG_KEYS) {
    if (!attributes.has(key)) continue;
    for (const tag of asStrings(attributes.get(key) ?? null) ?? []) tags.add(tag);
  }
  return [...tags].filter((tag) => !FRAMEWORK_TAG.test(tag));
}

const prefixOf = remember((key) =>
  METADATA_PREFIXES.find((candidate) => key.startsWith(candidate)),
);

/** What the application itself said about the span, keys without their dialect's prefix. */
export function findMetadata(attributes: AttributeMap): JsonObject {
  const entries: [string, Json][] = Object.entries(jsonAt(attributes, 'metadata'));
  for (const [key, value] of attributes) {
    const prefix = prefixOf(key);
    if (prefix !== undefined) entries.push([key.slice(prefix.length), toJson(value)]);
  }
  return Object.fromEntries(entries);
}
