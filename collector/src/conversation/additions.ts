import type { ConversationMessage } from '@colloquy/schema';

/** What is added to a message once it has its place, by what is known around it. */
export const NOTHING_ADDED: Pick<
  ConversationMessage,
  'metadata' | 'feedback' | 'toolExecutions' | 'provenance'
> = { metadata: {}, feedback: [], toolExecutions: [], provenance: undefined };
