import type { ConversationMessage } from '@colloquy/schema';

/**
 * Numbers turns along a line: each user message opens one, with the system messages right before it. A
 * summary of what was said is no question.
 */
export function turnNumbers(
  messages: readonly Pick<ConversationMessage, 'role' | 'isSummary'>[],
  start: number,
): readonly number[] {
  let turn = start;
  const numbers = messages.map(({ role, isSummary }) =>
    role === 'user' && !isSummary ? ++turn : turn,
  );
  for (let index = messages.length - 2; index >= 0; index -= 1) {
    if (messages[index]?.role === 'system') numbers[index] = numbers[index + 1] ?? turn;
  }
  return numbers;
}
