import { toMessage, toParts, type Message, type Part } from '@colloquy/threads/instrumentation';
import { fieldsOf, firstOf, listOf, type Fields } from './fields.js';

/** Who speaks in each type of message; a type that is not listed is a role itself. */
const ROLES: Readonly<Record<string, string>> = {
  ai: 'assistant',
  function: 'tool',
  human: 'user',
};

const mediaOf =
  (modality: string) =>
  (block: Fields): readonly Part[] => {
    const mime = firstOf(block, ['mimeType', 'mime_type']);
    const id = firstOf(block, ['fileId', 'file_id', 'id']);
    const about = { modality, ...(mime !== undefined && { mime_type: mime }) };
    if (block['data'] !== undefined) return [{ type: 'blob', ...about, content: block['data'] }];
    if (block['url'] !== undefined) return [{ type: 'uri', ...about, uri: block['url'] }];
    return id === undefined || block['source'] !== undefined
      ? toParts([block])
      : [{ type: 'file', ...about, file_id: id }];
  };

/** Said beside the content, among the message's `tool_calls`. */
const elsewhere = (): readonly Part[] => [];

/** Blocks of LangChain's own, and those that repeat a call; others are of the providers. */
const BLOCKS: Readonly<Record<string, (block: Fields) => readonly Part[]>> = {
  reasoning: ({ reasoning }) =>
    typeof reasoning === 'string' ? [{ type: 'reasoning', content: reasoning }] : [],
  'text-plain': ({ text, data }) => toParts(text ?? data),
  image: mediaOf('image'),
  audio: mediaOf('audio'),
  video: mediaOf('video'),
  file: mediaOf('document'),
  tool_call: elsewhere,
  tool_call_chunk: elsewhere,
  tool_use: elsewhere,
  input_json_delta: elsewhere,
  function_call: elsewhere,
};

function contentOf(content: unknown): readonly Part[] {
  if (!Array.isArray(content)) return toParts(content);
  return content.flatMap((block: unknown) => {
    const type = String(fieldsOf(block)['type']);
    return Object.hasOwn(BLOCKS, type)
      ? (BLOCKS[type] as (block: Fields) => readonly Part[])(fieldsOf(block))
      : toParts([block]);
  });
}

/** Thoughts that a provider sends beside the content. */
function thoughtOf({ reasoning_content: text, reasoning }: Fields): readonly Part[] {
  const summary = listOf(fieldsOf(reasoning)['summary'])
    .map((piece) => fieldsOf(piece)['text'])
    .filter((piece) => typeof piece === 'string');
  const thoughts = typeof text === 'string' && text !== '' ? [text] : summary;
  return thoughts.map((content) => ({ type: 'reasoning', content }));
}

const callOf = (call: unknown): Part => {
  const { id, name, args } = fieldsOf(call);
  return { type: 'tool_call', id, name, arguments: args };
};

/** The type of one of LangChain's messages; `undefined` of anything else. */
function typeOf(message: Fields): string | undefined {
  const { getType, _getType: getTypeBefore } = message;
  const read = typeof getType === 'function' ? getType : getTypeBefore;
  return typeof read === 'function' ? String(read.call(message)) : undefined;
}

function fromLangChain(message: Fields, type: string): Message {
  const { content, name, role, tool_call_id: callId } = message;
  if (type === 'tool')
    return toMessage({ role: 'tool', content: said(content), tool_call_id: callId, name });
  return {
    role: type === 'generic' ? String(role) : (ROLES[type] ?? type),
    parts: [
      ...thoughtOf(fieldsOf(message['additional_kwargs'])),
      ...contentOf(content),
      ...listOf(message['tool_calls']).map(callOf),
      ...listOf(message['invalid_tool_calls']).map(callOf),
    ],
    ...(typeof name === 'string' && name !== '' && { name }),
  };
}

/** Text stays text; blocks become parts. */
const said = (content: unknown): unknown =>
  typeof content === 'string' ? content : contentOf(content);

/** Whatever LangChain takes for a message: one of its own, `{ role, content }`, a pair, or text. */
export function toGenAiMessage(message: unknown): Message {
  if (typeof message === 'string') return { role: 'user', parts: toParts(message) };
  if (Array.isArray(message)) return toGenAiMessage({ role: message[0], content: message[1] });
  const fields = fieldsOf(message);
  const type = typeOf(fields);
  if (type !== undefined) return fromLangChain(fields, type);
  const { role, type: named, content } = fields;
  const called = String(role ?? named);
  return toMessage({ ...fields, role: ROLES[called] ?? called, content: said(content) });
}

/** Whether a value is a message, or looks like one. */
export const isMessage = (value: unknown): boolean => {
  const fields = fieldsOf(value);
  return typeOf(fields) !== undefined || ('role' in fields && 'content' in fields);
};
