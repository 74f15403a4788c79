/** One piece of a message, as the GenAI message schema has it; unknown types are legal. */
export interface Part {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A message as the GenAI message schema has it. */
export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  /** Only of answers. */
  readonly finish_reason?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Tool arguments come as JSON text; what does not parse stays text. */
function parseArguments(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*;base64,/;

/** An address, or the bytes where the address holds them. */
function mediaOf(modality: string, address: string): Part {
  const inline = DATA_URL.exec(address);
  if (inline === null) return { type: 'uri', modality, uri: address };
  return {
    type: 'blob',
    modality,
    mime_type: inline[1] ?? '',
    content: address.slice(inline[0].length),
  };
}

const urlOf = (value: unknown): string => textOf(isFields(value) ? value['url'] : value);

/** Media of Anthropic: `source` holds the bytes, an address or the id of a file. */
function sourceOf(modality: string, source: unknown): Part {
  const { type, data, url, media_type: mime, file_id: file } = isFields(source) ? source : {};
  if (type === 'url') return { type: 'uri', modality, uri: textOf(url) };
  if (type === 'file') return { type: 'file', modality, file_id: textOf(file) };
  if (type === 'text') return { type: 'text', content: textOf(data) };
  return { type: 'blob', modality, mime_type: textOf(mime), content: textOf(data) };
}

function fileOf(file: unknown): Part {
  const { file_id: id, file_data: data, file_url: url } = isFields(file) ? file : {};
  if (typeof id === 'string') return { type: 'file', modality: 'document', file_id: id };
  return mediaOf('document', textOf(data) || textOf(url));
}

const callOf = ({ id, call_id: callId, name, input, arguments: args }: Fields): Part => ({
  type: 'tool_call',
  id: callId ?? id,
  name,
  arguments: parseArguments(args ?? input),
});

/** What a provider's own tool was asked; `kind` is the tool. */
const serverCall = ({ id, name, input, ...more }: Fields, kind: unknown): Part => ({
  type: 'server_tool_call',
  id,
  name,
  server_tool_call: { ...more, type: kind, input: parseArguments(input) },
});

/** What a provider's own tool gave back; `web_search_tool_result` is of `web_search`. */
const serverResult = ({ type, tool_use_id: id, content }: Fields): Part => ({
  type: 'server_tool_call_response',
  id,
  server_tool_call_response: { type: textOf(type).replace(/_tool_result$/, ''), content },
});

/** Pieces of providers' APIs by their type; what is not listed is passed on as it is. */
const PARTS: Readonly<Record<string, (piece: Fields) => Part>> = {
  text: ({ text, content }) => ({ type: 'text', content: textOf(text ?? content) }),
  input_text: ({ text }) => ({ type: 'text', content: textOf(text) }),
  output_text: ({ text }) => ({ type: 'text', content: textOf(text) }),
  refusal: ({ refusal }) => ({ type: 'text', content: textOf(refusal) }),
  thinking: ({ thinking }) => ({ type: 'reasoning', content: textOf(thinking) }),
  image_url: ({ image_url: image }) => mediaOf('image', urlOf(image)),
  input_image: ({ image_url: image, file_id: id }) =>
    typeof id === 'string'
      ? { type: 'file', modality: 'image', file_id: id }
      : mediaOf('image', urlOf(image)),
  input_audio: ({ input_audio: audio }) => ({
    type: 'blob',
    modality: 'audio',
    mime_type: `audio/${isFields(audio) ? textOf(audio['format']) : ''}`,
    content: isFields(audio) ? textOf(audio['data']) : '',
  }),
  file: ({ file, ...piece }) => (file === undefined ? { type: 'file', ...piece } : fileOf(file)),
  input_file: fileOf,
  image: ({ source }) => sourceOf('image', source),
  document: ({ source }) => sourceOf('document', source),
  function: ({ id, function: called }) =>
    callOf({ id, ...(isFields(called) ? called : undefined) }),
  custom: ({ id, custom }) => callOf({ id, ...(isFields(custom) ? custom : undefined) }),
  tool_use: callOf,
  function_call: callOf,
  tool_result: ({ tool_use_id: id, content }) => ({
    type: 'tool_call_response',
    id,
    response: content ?? '',
  }),
  function_call_output: ({ call_id: id, output }) => ({
    type: 'tool_call_response',
    id,
    response: output ?? '',
  }),
  server_tool_use: (piece) => serverCall(piece, piece['name']),
  mcp_tool_use: (piece) => serverCall(piece, 'mcp'),
  mcp_tool_result: serverResult,
  web_search_tool_result: serverResult,
  web_fetch_tool_result: serverResult,
  code_execution_tool_result: serverResult,
  bash_code_execution_tool_result: serverResult,
  text_editor_code_execution_tool_result: serverResult,
  tool_search_tool_result: serverResult,
};

/** A piece as the OpenAI, Anthropic or GenAI form has it, in the GenAI form. */
export function toPart(piece: unknown): Part {
  if (typeof piece === 'string') return { type: 'text', content: piece };
  if (!isFields(piece)) return { type: 'raw', content: piece };
  const type = textOf(piece['type']);
  if (Object.hasOwn(PARTS, type)) return (PARTS[type] as (piece: Fields) => Part)(piece);
  return type === '' ? { type: 'raw', content: piece } : { ...piece, type };
}

/** Text, one piece or a list of pieces, as parts; `null` and `''` are no part. */
export function toParts(content: unknown): readonly Part[] {
  if (content === null || content === undefined || content === '') return [];
  return Array.isArray(content) ? content.map(toPart) : [toPart(content)];
}

const toolCallsOf = ({ tool_calls: calls }: Fields): readonly Part[] =>
  Array.isArray(calls)
    ? calls.map((call) => toPart({ type: 'function', ...(call as Fields) }))
    : [];

/**
 * A message of the OpenAI, Anthropic or GenAI form, in the GenAI form: content as text or as a list of
 * pieces, calls of tools beside it or among them, results of tools by the id of their call.
 */
export function toMessage(message: Fields): Message {
  const { role, content, parts, name, tool_call_id: callId } = message;
  const thought = message['reasoning_content'] ?? message['reasoning'];
  const own = [
    ...(typeof thought === 'string' ? [{ type: 'reasoning', content: thought }] : []),
    ...(Array.isArray(parts) ? parts.map(toPart) : toParts(content ?? message['refusal'])),
  ];
  const isResult = role === 'tool' && own.every(({ type }) => type !== 'tool_call_response');
  const response = typeof content === 'string' ? content : own;
  return {
    role: textOf(role),
    parts: isResult
      ? [{ type: 'tool_call_response', id: callId, response }]
      : [...own, ...toolCallsOf(message)],
    ...(typeof name === 'string' && { name }),
  };
}
