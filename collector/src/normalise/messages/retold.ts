import type { JsonObject, Message, Part } from '@colloquy/schema';
import { isObject } from './json.js';
import { readPythonRepr } from './python-repr.js';

/** Newer versions fence what they quote. */
const FENCED = /^<<<BEGIN_QUOTED_AGENT_CONTENT>>>\n([\s\S]*)\n<<<END_QUOTED_AGENT_CONTENT>>>$/;
const SAID = /^\[[^\]\n]+\] said:\s+([\s\S]*)$/;
const CALLED = /^\[[^\]\n]+\] called tool `([^`]+)` with parameters:\s+([\s\S]*)$/;
const RETURNED = /^\[[^\]\n]+\] `([^`]+)` tool returned result:\s+([\s\S]*)$/;

/** What a tool was given or gave, as Python prints it. */
function readFields(told: string): JsonObject | undefined {
  const json = readPythonRepr(told, (_name, fields) => fields);
  return isObject(json) ? json : undefined;
}

const unfenced = (words: string): string => FENCED.exec(words)?.[1] ?? words;

function retell(part: Part): Message | undefined {
  if (part.type !== 'text') return undefined;
  const words = SAID.exec(part.content)?.[1];
  if (words !== undefined)
    return { role: 'assistant', parts: [{ type: 'text', content: unfenced(words) }] };
  const [, called, parameters] = CALLED.exec(part.content) ?? [];
  if (called !== undefined && parameters !== undefined)
    return readCall(called, unfenced(parameters));
  const [, name, result] = RETURNED.exec(part.content) ?? [];
  if (name === undefined || result === undefined) return undefined;
  const told = unfenced(result);
  return {
    role: 'tool',
    parts: [{ type: 'tool_call_response', name, response: readFields(told) ?? told }],
  };
}

/** Where the arguments cannot be read, the place tells which call it is, of those the agent made. */
function readCall(name: string, parameters: string): Message {
  const input = readFields(parameters);
  const part: Part =
    input === undefined
      ? { type: 'raw', content: null }
      : { type: 'tool_call', name, arguments: input };
  return { role: 'assistant', parts: [part] };
}

/**
 * Google's ADK tells an agent what another one did in a message of the user that begins with "For
 * context:". It is read as what was said then, so that it joins the conversation.
 *
 * @returns `undefined` when the message is no such account
 */
export function readRetold({ role, parts }: Message): readonly Message[] | undefined {
  const [head, ...rest] = parts;
  const isAccount =
    role === 'user' && head?.type === 'text' && head.content.startsWith('For context:');
  if (!isAccount || rest.length === 0) return undefined;
  const told = rest.map(retell);
  return told.every((message) => message !== undefined) ? told : undefined;
}
