import type { Message, Part } from '@colloquy/threads/instrumentation';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const MODALITIES: ReadonlySet<string> = new Set(['image', 'audio', 'video']);

function media({ mimeType }: Fields): Fields {
  const [kind = ''] = textOf(mimeType).split('/');
  return {
    modality: MODALITIES.has(kind) ? kind : 'document',
    ...(mimeType !== undefined && { mime_type: mimeType }),
  };
}

/** Gemini gave calls no ids before its third version. */
const idOf = ({ id }: Fields): Fields => (id === undefined ? {} : { id });

/** Parts by the field that holds them, as the GenAI message schema has them. */
const PARTS: Readonly<Record<string, (value: Fields) => Part>> = {
  functionCall: (call) => ({
    type: 'tool_call',
    ...idOf(call),
    name: call['name'],
    arguments: call['args'] ?? {},
  }),
  functionResponse: (result) => ({
    type: 'tool_call_response',
    ...idOf(result),
    name: result['name'],
    response: result['response'] ?? {},
  }),
  inlineData: (blob) => ({ type: 'blob', ...media(blob), content: textOf(blob['data']) }),
  fileData: (file) => ({ type: 'uri', ...media(file), uri: textOf(file['fileUri']) }),
  executableCode: ({ id, ...code }) => ({
    type: 'server_tool_call',
    ...idOf({ id }),
    name: 'code_execution',
    server_tool_call: { ...code, type: 'code_execution' },
  }),
  codeExecutionResult: ({ id, ...result }) => ({
    type: 'server_tool_call_response',
    ...idOf({ id }),
    server_tool_call_response: { ...result, type: 'code_execution' },
  }),
  toolCall: ({ id, toolType, ...call }) => ({
    type: 'server_tool_call',
    ...idOf({ id }),
    name: toolType,
    server_tool_call: { ...call, type: toolType },
  }),
  toolResponse: ({ id, toolType, ...result }) => ({
    type: 'server_tool_call_response',
    ...idOf({ id }),
    server_tool_call_response: { ...result, type: toolType },
  }),
};

/** A part of Gemini's, or a text that stands for one. */
export function toPart(part: unknown): Part {
  if (typeof part === 'string') return { type: 'text', content: part };
  if (!isFields(part)) return { type: 'raw', content: part };
  const { text, thought } = part;
  if (typeof text === 'string')
    return { type: thought === true ? 'reasoning' : 'text', content: text };
  for (const [field, read] of Object.entries(PARTS)) {
    const value = part[field];
    if (isFields(value)) return read(value);
  }
  return { type: 'raw', content: part };
}

/** Roles of Gemini that the conventions call otherwise. */
const ROLES: Readonly<Record<string, string>> = { model: 'assistant', function: 'tool' };

const toMessage = ({ role, parts }: Fields): Message => ({
  role: ROLES[textOf(role)] ?? (textOf(role) || 'user'),
  parts: Array.isArray(parts) ? parts.map(toPart) : [],
});

const isContent = (value: unknown): value is Fields => isFields(value) && 'parts' in value;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** What is sent: contents, or parts or texts that are one message of the user. */
export function toMessages(contents: unknown): readonly Message[] {
  const list = listOf(contents);
  if (list.every(isContent)) return list.map(toMessage);
  return [{ role: 'user', parts: list.map(toPart) }];
}

/** What is said apart from any message, as the system instruction: one content, or parts or texts. */
export const toParts = (content: unknown): readonly Part[] =>
  listOf(content).flatMap((item) => (isContent(item) ? toMessage(item).parts : [toPart(item)]));
