import type {
  AttributeMap,
  AttributeValue,
  Json,
  JsonObject,
  Message,
  Role,
} from '@colloquy/schema';
import type { ContentRule, Subject } from './dialect.js';
import { isArray, isObject, lookUp, parsed } from './messages/json.js';
import { readMessages } from './messages/message.js';
import { toJson } from '../to-json.js';
import { asJson } from './read-value.js';
import { isEmpty, readWhole } from './read-whole.js';
import { unflatten } from './unflatten.js';

type Side = 'input' | 'output' | 'system';
const ROLE_OF: Readonly<Record<Side, Role>> = {
  input: 'user',
  output: 'assistant',
  system: 'system',
};

/** Messages in one attribute, as JSON text or as a structured value; plain text is one message. */
export function attribute(source: ContentRule['source'], key: string, side: Side): ContentRule {
  return {
    source,
    key,
    read: ({ attributes }) => readWhole(attributes.get(key) ?? null, ROLE_OF[side]),
  };
}

/**
 * What went into or came out of a wrapper: a message in plain text, or JSON that may hold
 * messages and may hold anything else. Text that fails to be JSON or is a Python repr is no message.
 */
export function plainOrJson(key: string, side: Side): ContentRule {
  return {
    source: 'value',
    key,
    read: ({ attributes }) => {
      const json = asJson(attributes.get(key) ?? null);
      if (json === '' || (typeof json === 'string' && /^\s*[[{(]/.test(json))) return undefined;
      return readMessages(json, ROLE_OF[side]);
    },
  };
}

/** Fields by which a message, or a request or response that holds some, can be told from other JSON. */
const TELLING = [
  'role',
  'messages',
  'choices',
  'generations',
  'candidates',
  'message',
  'tool_calls',
  'lc',
];

const tellsMessages = (json: Json): boolean =>
  Array.isArray(json)
    ? json.length > 0 && json.every((item: Json) => tellsMessages(item) || hasType(item))
    : isObject(json) && TELLING.some((field) => Object.hasOwn(json, field));

const hasType = (json: Json): boolean => isObject(json) && typeof json['type'] === 'string';

/**
 * What a call was given or gave, in whatever form the app handed it over: JSON of messages, or
 * plain text. Other JSON is an answer to the letter (structured output), or an unknown request.
 */
export function saidOrJson(key: string, side: Side): ContentRule {
  const role = ROLE_OF[side];
  return {
    source: 'request',
    key,
    read: ({ attributes }) => {
      const value = attributes.get(key) ?? null;
      const json = asJson(value);
      if (isEmpty(json)) return undefined;
      if (typeof value !== 'string' || tellsMessages(json)) return readWhole(value, role);
      return typeof json === 'string' || side === 'output'
        ? [{ role, parts: [{ type: 'text', content: value }] }]
        : readWhole(value, role);
    },
  };
}

/** Messages spread over numbered attributes, as OpenInference and OpenLLMetry write them. */
export function indexed(prefix: string, side: Side): ContentRule {
  return {
    source: 'indexed',
    key: `${prefix}.*`,
    read: ({ attributes }) => {
      const list = unflatten(attributes, prefix);
      return list === undefined ? undefined : readMessages(list, ROLE_OF[side]);
    },
  };
}

/** What Google's ADK writes for content while capture is off; its spans may tell the words nonetheless. */
const ELIDED = '<elided>';

/** The role that the name of a per-message event implies (`gen_ai.user.message`, …). */
const EVENT_ROLES: Readonly<Record<string, Role>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
  'gen_ai.choice': 'assistant',
};

/** An event's fields as JSON; span events hold structures as JSON text. */
function fieldsOf(attributes: AttributeMap): JsonObject {
  const single = attributes.get('gen_ai.event.content');
  const fields: Json =
    single == null
      ? Object.fromEntries(
          [...attributes].map(([key, value]): [string, Json] => [key, parsedField(key, value)]),
        )
      : asJson(single);
  return isObject(fields) ? fields : {};
}

/** Words and ids stay text even when they look like JSON; structures (`message`, `tool_calls`) are decoded. */
function parsedField(key: string, value: AttributeValue): Json {
  const json = toJson(value);
  return key === 'id' || key === 'content' ? json : parsed(json);
}

/** The message that a per-message event with these fields tells; `undefined` when it tells none. */
export function eventMessage(name: string, fields: JsonObject): JsonObject | undefined {
  const role = lookUp(EVENT_ROLES, name);
  if (role === undefined || fields['content'] === ELIDED) return undefined;
  const inner = fields['message'];
  const message: JsonObject = isObject(inner)
    ? {
        ...(fields['tool_calls'] === undefined ? {} : { tool_calls: fields['tool_calls'] }),
        ...inner,
      }
    : { ...fields, ...((typeof inner === 'string' || isArray(inner)) && { content: inner }) };
  return { role, ...message };
}

function readEvent(name: string, fields: JsonObject): readonly Message[] {
  const message = eventMessage(name, fields);
  return message === undefined ? [] : readMessages(message, lookUp(EVENT_ROLES, name) ?? 'user');
}

/** The official botocore instrumentation tells results by themselves and again in the user's message. */
const isRepeated = ({ scopeName }: Subject, event: string, { role }: Message): boolean =>
  role === 'tool' && event === 'gen_ai.user.message' && scopeName.includes('.botocore.');

const eventsOf = (subject: Subject, wanted: (name: string) => boolean): readonly Message[] =>
  subject.events
    .filter(({ name }) => wanted(name))
    .flatMap(({ name, attributes }) =>
      readEvent(name, fieldsOf(attributes)).filter(
        (message) => !isRepeated(subject, name, message),
      ),
    );

/** One event per message, conventions 1.28 to 1.36. */
export const messageEvents: Readonly<Record<'input' | 'output', ContentRule>> = {
  input: {
    source: 'events',
    key: 'gen_ai.*.message',
    read: (subject) => eventsOf(subject, (name) => name !== 'gen_ai.choice'),
  },
  output: {
    source: 'events',
    key: 'gen_ai.choice',
    read: (subject) => eventsOf(subject, (name) => name === 'gen_ai.choice'),
  },
};

/** What was said to the letter in an attribute of named events, whatever it looks like. */
export function eventText(eventName: RegExp, key: string, side: Side): ContentRule {
  return {
    source: 'events',
    key,
    read: ({ events }) =>
      events.flatMap(({ name, attributes }) => {
        const content = attributes.get(key);
        return eventName.test(name) && typeof content === 'string' && content !== ''
          ? [{ role: ROLE_OF[side], parts: [{ type: 'text', content }] }]
          : [];
      }),
  };
}

/** Messages in an attribute of named events; several such events of one span are joined in order. */
export function eventAttribute(eventName: string, key: string, side: Side): ContentRule {
  return {
    source: 'events',
    key: `${eventName}/${key}`,
    read: ({ events }) =>
      events
        .filter(({ name, attributes }) => name === eventName && attributes.get(key) != null)
        .flatMap(({ attributes }) =>
          readMessages(asJson(attributes.get(key) ?? null), ROLE_OF[side]),
        ),
  };
}
