import { ROLES, type Message } from '@colloquy/schema';
import { hashContent } from '../digest.js';

/** What tracers put in place of words, as they spell it. */
const PLACEHOLDERS = ['', '__REDACTED__', '<REDACTED>', '[REDACTED]'] as const;

const blankMessages = ROLES.flatMap((role): readonly Message[] => [
  { role, parts: [] },
  ...PLACEHOLDERS.map((content): Message => ({ role, parts: [{ type: 'text', content }] })),
]);

/** The hashes of messages that say nothing. */
export const BLANK_HASHES: readonly string[] = blankMessages.map(hashContent);
