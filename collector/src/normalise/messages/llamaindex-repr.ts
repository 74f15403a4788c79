import type { Json, JsonObject } from '@colloquy/schema';
import { isObject, lookUp } from './json.js';
import { readPythonRepr } from './python-repr.js';

type Fields = Readonly<Record<string, Json>>;

/** Bytes are base64 already. */
const media =
  (type: string, bytes: string) =>
  (fields: Fields): JsonObject => ({
    type,
    content: fields[bytes] ?? null,
    url: fields['url'] ?? null,
    mime_type: fields[`${type}_mimetype`] ?? null,
    ...(fields['format'] != null && { format: fields['format'] }),
  });

/** The pieces of a message by their classes. */
const PIECES: Readonly<Record<string, (fields: Fields) => Json>> = {
  TextBlock: ({ text = '' }) => ({ type: 'text', text }),
  ThinkingBlock: ({ content = '' }) => ({ type: 'reasoning', content }),
  ImageBlock: media('image', 'image'),
  AudioBlock: media('audio', 'audio'),
  VideoBlock: media('video', 'video'),
  DocumentBlock: media('document', 'data'),
  ToolCallBlock: ({ tool_call_id: id = null, tool_name: name = null, tool_kwargs = null }) => ({
    type: 'tool_call',
    id,
    name,
    arguments: tool_kwargs,
  }),
  ChatMessage: ({ role = null, blocks = null, additional_kwargs: more = null }) => ({
    role,
    content: blocks,
    ...(isObject(more) && { tool_call_id: more['tool_call_id'] ?? null }),
  }),
};

/**
 * LlamaIndex's messages where OpenInference has no JSON for them and writes Python's `repr`.
 *
 * @returns a message in JSON; `undefined` when the text is something else
 */
export const readLlamaIndexRepr = (text: string): Json | undefined =>
  text.startsWith('ChatMessage(role=<MessageRole.')
    ? readPythonRepr(text, (name, fields) => lookUp(PIECES, name)?.(fields) ?? fields)
    : undefined;
