/** What the rebuild does not do yet, whoever tells. */
export const OPEN = {
  'hand-off': 'the new instructions come before the tool result',
  'side-calls': 'a question that is also the first of the conversation is not told again',
  'edited-first': 'an edited first question does not replace the one before',
} as const;
