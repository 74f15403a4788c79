import type { AttributeValue, Json, Message, Role } from '@colloquy/schema';
import { TEXTS, type Made, type TextMemory } from '../text-memory.js';
import { isArray } from './messages/json.js';
import { beginList, continueList, readMessages, type ReadList } from './messages/message.js';
import { asJson, isTooDeep, isTooMuch } from './read-value.js';

/** Says nothing: LangSmith writes the output of a call that failed as `{"output": null}`. */
export const isEmpty = (json: Json): boolean =>
  json === null ||
  json === '' ||
  (typeof json === 'object' && Object.values(json).every((item) => item === null));

/** A text that is a JSON list of messages. */
interface ListText {
  readonly list: ReadList;
  /** Where its items end. */
  readonly end: number;
}

/** By the role that messages have where they do not say. */
const lists = new Map<Role, Made<ListText>>();

function listsOf(role: Role): Made<ListText> {
  const known = lists.get(role) ?? new WeakMap();
  lists.set(role, known);
  return known;
}

/** The items of a JSON text end before its last bracket. */
function endOfItems(text: string): number {
  let end = text.lastIndexOf(']');
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

/** The items that a list has more than the one before; `undefined` when it does not go on from that. */
function newItems(text: string, end: number): readonly Json[] | undefined {
  const separator = /\s*,/y;
  separator.lastIndex = end;
  if (!separator.test(text)) return undefined;
  const rest = `[${text.slice(separator.lastIndex)}`;
  if (isTooMuch(rest)) return undefined;
  try {
    const items = JSON.parse(rest) as Json;
    return isArray(items) && items.length > 0 && !isTooDeep(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The messages of a list of which most was read before: those stay the same objects, so that what
 * is made of them is made once. `undefined` where nothing like it is remembered.
 */
function readGrown(text: string, role: Role, memory: TextMemory): readonly Message[] | undefined {
  const made = listsOf(role);
  const before = memory.earlier(text, made);
  if (before === undefined) return undefined;
  const { list, end } = before.made;
  if (before.text === text) return list.messages;
  const { shared } = before;
  if (end > shared && text.slice(shared, end) !== before.text.slice(shared, end)) return undefined;
  const items = newItems(text, end);
  if (items === undefined) return undefined;
  const grown = continueList(list, items, role);
  memory.keep(text, made, { list: grown, end: endOfItems(text) });
  return grown.messages;
}

/**
 * JSON that was cut by an attribute limit, or a shape nobody knows, is kept as a raw part.
 * @param memory - of texts; it saves time and changes nothing
 */
export function readWhole(
  value: AttributeValue,
  role: Role,
  memory: TextMemory = TEXTS,
): readonly Message[] | undefined {
  const grown = typeof value === 'string' ? readGrown(value, role, memory) : undefined;
  if (grown !== undefined) return grown;
  const json = asJson(value);
  if (isEmpty(json)) return undefined;
  if (typeof json === 'string' && /^\s*[[{]/.test(json))
    return [{ role, parts: [{ type: 'raw', content: json }] }];
  const list = isArray(json) ? beginList(json, role) : undefined;
  const messages = list?.messages ?? readMessages(json, role);
  if (list !== undefined && list.messages.length > 0 && isListText(value))
    memory.keep(value, listsOf(role), { list, end: endOfItems(value) });
  return messages.length > 0 ? messages : [{ role, parts: [{ type: 'raw', content: json }] }];
}

/** A list that stands in the text as it is, not encoded once more. */
const isListText = (value: AttributeValue): value is string =>
  typeof value === 'string' && /^\s*\[/.test(value);
