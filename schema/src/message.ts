/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const ROLES = ['system', 'user', 'assistant', 'tool'] as const;
/** Roles after folding the aliases (`human`, `ai`, `model`, `developer`, …); an unknown one is kept as it came. */
export type Role = (typeof ROLES)[number] | (string & {});

export interface TextPart {
  readonly type: 'text';
  readonly content: string;
}
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly content: string;
}
export interface ToolCallPart {
  readonly type: 'tool_call';
  readonly id?: string;
  readonly name: string;
  /** Parsed when the emitter sent a JSON string; the text itself when that does not parse. */
  readonly arguments?: Json;
}
export interface ToolCallResponsePart {
  readonly type: 'tool_call_response';
  readonly id?: string;
  /** The tool's name, where there is no id to find the call by (Gemini). */
  readonly name?: string;
  /** As sent: a string stays a string. */
  readonly response: Json;
}
/** Media carried inline, base64. */
export interface BlobPart {
  readonly type: 'blob';
  readonly modality: string;
  readonly mime_type?: string;
  readonly content: string;
}
/** Media kept by the provider. */
export interface FilePart {
  readonly type: 'file';
  readonly modality: string;
  readonly mime_type?: string;
  readonly file_id: string;
}
/** Media at an address. */
export interface UriPart {
  readonly type: 'uri';
  readonly modality: string;
  readonly mime_type?: string;
  readonly uri: string;
}
/** A piece that no rule knows: kept whole, shown as it is. */
export interface RawPart {
  readonly type: 'raw';
  readonly content: Json;
}

/**
 * One piece of a message; names and fields of the GenAI message schema.
 * @see https://github.com/open-telemetry/semantic-conventions-genai (non-normative models)
 */
export type Part =
  | TextPart
  | ReasoningPart
  | ToolCallPart
  | ToolCallResponsePart
  | BlobPart
  | FilePart
  | UriPart
  | RawPart;

/** What was said, apart from when, where and by which call. */
export interface Message {
  readonly role: Role;
  readonly parts: readonly Part[];
  /** The author's name where a dialect carries one (`name` of OpenAI and OTel messages). */
  readonly name?: string;
}
