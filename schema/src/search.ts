import { z } from 'zod';
import { messageShape } from './api.js';

/** A message that a search found. */
export const foundMessageShape = messageShape
  .pick({ message_id: true, role: true, created_at: true, turn: true, line: true })
  .extend({
    thread_id: z.string(),
    thread_title: z.string(),
    excerpt: z.string().describe('Its words around the first of what was searched for.'),
  });

export const messageSearchShape = z.object({
  messages: z.array(foundMessageShape).readonly().describe('Newest first.'),
  next_cursor: z.string().nullable(),
});

export type FoundMessageAnswer = z.infer<typeof foundMessageShape>;
export type MessageSearchAnswer = z.infer<typeof messageSearchShape>;
