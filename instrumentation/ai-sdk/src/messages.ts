import { toPart, toParts, type Message, type Part } from '@colloquy/threads/instrumentation';
import { fieldsOf, listOf, type Fields } from './fields.js';

const MODALITY = /^(image|audio|video)\//;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCodePoint(byte);
  return btoa(binary);
}

/** Bytes, base64 or an address, as they are or, since version 7, in an object that tells which. */
function fileOf(data: unknown, mime: unknown): Part {
  const modality = MODALITY.exec(String(mime))?.[1] ?? 'document';
  const about = { modality, ...(typeof mime === 'string' && { mime_type: mime }) };
  if (data instanceof URL) return { type: 'uri', ...about, uri: data.href };
  if (data instanceof Uint8Array) return { type: 'blob', ...about, content: toBase64(data) };
  if (typeof data === 'string')
    return /^(?:https?|data):/.test(data)
      ? { type: 'uri', ...about, uri: data }
      : { type: 'blob', ...about, content: data };
  const { type, data: bytes, url, text, reference } = fieldsOf(data);
  if (type === 'text') return { type: 'text', content: text };
  if (type === 'reference') return { type: 'file', ...about, file_id: reference };
  return fileOf(url ?? bytes ?? '', mime);
}

const parse = (text: unknown): unknown => {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** What a tool gave back: in a prompt in an object that tells its type, in an answer as it is. */
function resultOf({ output, result }: Fields): unknown {
  const { type, value, reason } = fieldsOf(output);
  if (type === undefined) return output ?? result ?? '';
  return value ?? reason ?? type;
}

const unsaid = (): undefined => undefined;

/** Pieces of the SDK's messages and answers by their type; what is not listed is passed on as it is. */
const PARTS: Readonly<Record<string, (piece: Fields) => Part | undefined>> = {
  reasoning: ({ text }) => ({ type: 'reasoning', content: text }),
  image: ({ image, mediaType }) => fileOf(image, mediaType ?? 'image/*'),
  file: ({ data, mediaType }) => fileOf(data, mediaType),
  'reasoning-file': ({ data, mediaType }) => fileOf(data, mediaType),
  'tool-call': ({ toolCallId: id, toolName: name, input }) => ({
    type: 'tool_call',
    id,
    name,
    arguments: parse(input),
  }),
  'tool-result': ({ toolCallId: id, ...piece }) => ({
    type: 'tool_call_response',
    id,
    response: resultOf(piece),
  }),
  source: unsaid,
};

/** Pieces of a message or an answer, in the GenAI form. */
export const toGenAiParts = (content: unknown): readonly Part[] => {
  if (!Array.isArray(content)) return toParts(content);
  return content.flatMap((piece: unknown) => {
    const type = String(fieldsOf(piece)['type']);
    const read = Object.hasOwn(PARTS, type) ? PARTS[type] : toPart;
    return read?.(fieldsOf(piece)) ?? [];
  });
};

/** A prompt of the SDK, in the GenAI form. @param instructions - which version 7 has apart from it */
export const toGenAiMessages = (prompt: unknown, instructions?: unknown): readonly Message[] => [
  ...(Array.isArray(instructions) ? instructions : [instructions]).flatMap((said: unknown) => {
    const parts = toGenAiParts(typeof said === 'string' ? said : fieldsOf(said)['content']);
    return parts.length === 0 ? [] : [{ role: 'system', parts }];
  }),
  ...listOf(prompt).map((message) => {
    const { role, content } = fieldsOf(message);
    return { role: String(role), parts: toGenAiParts(content) };
  }),
];
