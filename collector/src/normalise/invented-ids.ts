import type { Part } from '@colloquy/schema';
import type { ContentRule } from './dialect.js';

/** The name of a tool and a place in the message. */
const INVENTED = /^(.+)_\d+$/;

function withoutId(part: Part): Part {
  if (part.type !== 'tool_call' && part.type !== 'tool_call_response') return part;
  const name = INVENTED.exec(part.id ?? '')?.[1];
  if (name === undefined) return part;
  if (part.type === 'tool_call_response')
    return { type: 'tool_call_response', name, response: part.response };
  return part.name === name ? { type: 'tool_call', name, arguments: part.arguments ?? {} } : part;
}

/**
 * The official google-genai instrumentation numbers calls and results by their place, where Gemini
 * gave no ids; a call and its result stand in different places. Names are what pairs them.
 */
export function withoutInventedIds(rule: ContentRule): ContentRule {
  return {
    ...rule,
    read: (subject) => {
      const messages = rule.read(subject);
      if (subject.scopeName !== 'opentelemetry.instrumentation.google_genai') return messages;
      return messages?.map((message) => ({ ...message, parts: message.parts.map(withoutId) }));
    },
  };
}
