import type { Message, Part } from '@colloquy/schema';
import type { ContentRule, Subject } from './dialect.js';

const isCall = ({ type }: Part): boolean => type === 'tool_call';

/** Chat Completions has one text and a list of calls; what the model says comes before what it calls. */
function wordsFirst(parts: readonly Part[]): readonly Part[] {
  const words = parts.findIndex((part) => !isCall(part));
  const isReversed = words > 0 && parts.slice(words).every(({ type }) => type === 'text');
  return isReversed ? [...parts.slice(words), ...parts.slice(0, words)] : parts;
}

/** What a model thinks it thinks before it speaks. */
function thoughtsFirst(parts: readonly Part[]): readonly Part[] {
  const thoughts = parts.findIndex(({ type }) => type === 'reasoning');
  const isLast = thoughts > 0 && thoughts === parts.length - 1;
  return isLast ? [...parts.slice(thoughts), ...parts.slice(0, thoughts)] : parts;
}

const isChatCompletions = ({ attributes }: Subject): boolean =>
  attributes.get('gen_ai.provider.name') === 'openai' &&
  attributes.get('openai.api.type') !== 'responses';

/**
 * Puts the parts of answers in the order in which they were said. The official OpenAI
 * instrumentation for Python lists calls before the words beside them, OpenLLMetry thoughts last.
 */
export function inSpokenOrder(rule: ContentRule): ContentRule {
  return {
    ...rule,
    read: (subject) => {
      const order = isChatCompletions(subject)
        ? (parts: readonly Part[]) => wordsFirst(thoughtsFirst(parts))
        : thoughtsFirst;
      return rule.read(subject)?.map((message): Message => {
        const parts = message.role === 'assistant' ? order(message.parts) : message.parts;
        // A message that stays as it is stays the same object, whose hash is known.
        return parts === message.parts ? message : { ...message, parts };
      });
    },
  };
}
