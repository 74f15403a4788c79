import type { Message } from '@colloquy/schema';
import type { Scenario } from '../scenarios/scenario.js';

/** The answer that no later history tells once more; `streamed`: only where it is a stream. */
export function isLastAnswer(
  { role, parts }: Message,
  { steps }: Scenario,
  { streamed = false } = {},
): boolean {
  const { stream = false, replies = [] } = steps.at(-1) ?? {};
  const text = replies.at(-1)?.text;
  return (
    role === 'assistant' &&
    (stream || !streamed) &&
    parts.some((part) => part.type === 'text' && part.content === text)
  );
}

/** Where calls leave their thoughts out and histories have them, those of the last answer are told by none. */
export const withoutLastThoughts = (message: Message, scenario: Scenario): Message =>
  isLastAnswer(message, scenario)
    ? { ...message, parts: message.parts.filter(({ type }) => type !== 'reasoning') }
    : message;
