import type { Json, JsonObject, Part } from '@colloquy/schema';
import { isArray, isObject, lookUp, parsed, stringAt, valueAt } from './json.js';
import { readMedia } from './media.js';

/** Reads one piece of a message whose `type` is known; `undefined` when its fields do not fit. */
type PartReader = (part: JsonObject) => Part | undefined;

/** Gemini marks thoughts among the texts. */
const text: PartReader = (part) => {
  const content = valueAt(part, 'text', 'content', 'refusal', 'value');
  if (typeof content !== 'string') return undefined;
  if (part['thought'] === true) return { type: 'reasoning', content };
  return reasoningBlock(content) ?? { type: 'text', content };
};

/** OpenLLMetry writes Bedrock's reasoning as the JSON of its block, in a text. */
function reasoningBlock(content: string): Part | undefined {
  const block = content.startsWith('{"reasoningContent"') ? parsed(content) : undefined;
  const part = isObject(block) ? readPart(block) : undefined;
  return part?.type === 'reasoning' ? part : undefined;
}

/** OpenAI keeps reasoning as a list of summary texts; others as one text under various names. */
const reasoning: PartReader = (part) => {
  const told = valueAt(part, 'content', 'text', 'thinking', 'reasoning', 'reasoningText');
  // OpenLLMetry writes the list as JSON.
  const content = typeof told === 'string' && told.startsWith('[{"') ? parsed(told) : told;
  if (typeof content === 'string') return { type: 'reasoning', content };
  const texts = [part['summary'], part['content'], content].find(
    (value) => isArray(value) && value.length > 0,
  );
  if (!isArray(texts)) return undefined;
  const lines = texts.map((item) =>
    isObject(item) ? (stringAt(item, 'text', 'content') ?? '') : JSON.stringify(item),
  );
  return { type: 'reasoning', content: lines.join('\n') };
};

/**
 * A call to a tool. The official OpenAI instrumentation for JS writes the item's own id beside
 * `call_id`; only `call_id` pairs a call with its result, so it wins.
 */
export const toolCall: PartReader = (part) => {
  const inner = CALL_WRAPPERS.map((name) => part[name]).find(isObject);
  const fields = inner === undefined ? part : { ...part, ...unwrapCall(inner) };
  const name = stringAt(fields, 'name', 'toolName', 'tool_name');
  if (name === undefined) return undefined;
  const told = stringAt(fields, ...CALL_ID_FIELDS, 'id', 'ref');
  const id = told !== undefined && ITEM_ID.test(told) ? undefined : told;
  const args = valueAt(fields, 'arguments', 'args', 'input', 'parameters');
  return {
    type: 'tool_call',
    ...(id !== undefined && { id }),
    name,
    ...(args !== undefined && { arguments: parsed(args) }),
  };
};

const CALL_ID_FIELDS = [
  'call_id',
  'callId',
  'toolCallId',
  'tool_call_id',
  'tool_use_id',
  'toolUseId',
] as const;

/** By such an id OpenAI's Responses API names the item; no result refers to it. */
const ITEM_ID = /^fc_/;

const CALL_WRAPPERS = [
  'tool_call',
  'function',
  'toolUse',
  'function_call',
  'functionCall',
  'toolRequest',
] as const;

/** OpenInference wraps twice: `tool_call.function.name`. */
function unwrapCall(fields: JsonObject): JsonObject {
  const inner = fields['function'];
  return isObject(inner) ? { ...fields, ...inner } : fields;
}

const OUTPUT_TYPES: ReadonlySet<Json> = new Set([
  'text',
  'json',
  'content',
  'error-text',
  'error-json',
]);

/** AI SDK 5 and later wrap a tool's output as `{type: 'text' | 'json' | 'error-text' | …, value}`. */
const unwrapOutput = (output: Json): Json =>
  isObject(output) && OUTPUT_TYPES.has(output['type'] ?? null) && Object.hasOwn(output, 'value')
    ? (output['value'] ?? null)
    : output;

const toolCallResponse: PartReader = (part) => {
  const inner = [
    part['toolResult'],
    part['function_response'],
    part['functionResponse'],
    part['toolResponse'],
  ].find(isObject);
  if (inner !== undefined) return toolCallResponse(inner);
  const id = stringAt(part, ...CALL_ID_FIELDS, 'id', 'ref');
  const name = stringAt(part, 'name', 'toolName', 'tool_name');
  const response = valueAt(part, 'response', 'result', 'output', 'content') ?? null;
  return {
    type: 'tool_call_response',
    ...(id === undefined ? name !== undefined && { name } : { id }),
    response: soleText(unwrapOutput(response)),
  };
};

/** OpenAI's Agents SDK for JavaScript keeps the words of a result as a piece of text. */
const agentsResult: PartReader = (part) =>
  toolCallResponse({ ...part, output: soleText([part['output'] ?? null]) });

/** OpenInference writes a document of Anthropic's as the JSON of its block, in a text. */
const document: PartReader = (part) => {
  const block = typeof part['text'] === 'string' ? parsed(part['text']) : undefined;
  return readMedia(isObject(block) ? block : part);
};

/** By the `type` a piece declares; names of OTel, OpenAI (both APIs), Anthropic and the AI SDK. */
const BY_TYPE: Readonly<Record<string, PartReader>> = {
  text,
  input_text: text,
  output_text: text,
  refusal: text,
  reasoning,
  thinking: reasoning,
  tool_call: toolCall,
  'tool-call': toolCall,
  tool_use: toolCall,
  function: toolCall,
  function_call: toolCall,
  tool_call_response: toolCallResponse,
  'tool-result': toolCallResponse,
  'tool-error': toolCallResponse,
  tool_result: toolCallResponse,
  function_call_output: toolCallResponse,
  function_call_result: agentsResult,
  blob: readMedia,
  file: readMedia,
  uri: readMedia,
  image: readMedia,
  image_url: readMedia,
  input_image: readMedia,
  input_file: readMedia,
  input_audio: readMedia,
  audio: readMedia,
  document,
  video: readMedia,
  binary: readMedia,
  'image-url': readMedia,
  'audio-url': readMedia,
  'video-url': readMedia,
  'document-url': readMedia,
};

/** Haystack keeps the call that a result answers in the result. */
const haystackResult: PartReader = ({ tool_call_result: inner = null }) => {
  const call = isObject(inner) ? inner['origin'] : undefined;
  return isObject(inner) && isObject(call)
    ? toolCallResponse({ ...call, result: inner['result'] ?? null })
    : undefined;
};

/** By the one field that names the piece: Gemini, Bedrock and Genkit declare no `type`. */
const BY_FIELD: readonly (readonly [field: string, read: PartReader])[] = [
  ['toolUse', toolCall],
  ['toolRequest', toolCall],
  ['function_call', toolCall],
  ['functionCall', toolCall],
  ['tool_call', toolCall],
  ['tool_call_result', haystackResult],
  ['toolResult', toolCallResponse],
  ['toolResponse', toolCallResponse],
  ['function_response', toolCallResponse],
  ['functionResponse', toolCallResponse],
  [
    'reasoningContent',
    (part) =>
      isObject(part['reasoningContent'])
        ? reasoning(
            isObject(part['reasoningContent']['reasoningText'] ?? null)
              ? (part['reasoningContent']['reasoningText'] as JsonObject)
              : part['reasoningContent'],
          )
        : undefined,
  ],
  ['reasoning', reasoning],
  ['inline_data', readMedia],
  ['inlineData', readMedia],
  ['file_data', readMedia],
  ['fileData', readMedia],
  ['media', readMedia],
  ['image', readMedia],
  ['file', readMedia],
  ['document', readMedia],
  ['video', readMedia],
  ['text', text],
];

/** OpenInference 1.0 and later puts a call beside the content that announces it. */
const readWrapped = (content: JsonObject, call: Json | undefined): Part =>
  isObject(call) ? (toolCall(call) ?? readPart(content)) : readPart(content);

/** Pydantic AI's first format declares a `kind` instead of a type. */
const kindOf = ({ kind }: JsonObject): string | undefined =>
  typeof kind === 'string' && Object.hasOwn(BY_TYPE, kind) ? kind : undefined;

/** Reads one piece of a message in any known shape; what no rule fits comes back as a raw part. */
export function readPart(piece: Json): Part {
  if (typeof piece === 'string') return { type: 'text', content: piece };
  if (!isObject(piece)) return { type: 'raw', content: piece };
  const wrapped = piece['message_content'];
  if (isObject(wrapped)) return readWrapped(wrapped, piece['tool_call']);
  const type = piece['type'] ?? kindOf(piece);
  const read =
    typeof type === 'string'
      ? lookUp(BY_TYPE, type)
      : BY_FIELD.find(([field]) => Object.hasOwn(piece, field))?.[1];
  return read?.(piece) ?? { type: 'raw', content: piece };
}

/** The text of pieces that are all text; tool results come as `[{type:'text',text}]` from some APIs. */
export function soleText(content: Json): Json {
  if (!isArray(content) || content.length !== 1) return content;
  const part = readPart(content[0] ?? null);
  return part.type === 'text' ? part.content : content;
}
