import type { Message } from '@colloquy/schema';
import { TRANSFER } from '../scenarios/tools.js';

/** OpenAI's Agents SDK has own words for a hand-off, whatever the app would say. */
export const ownTransfer =
  (response: string) =>
  (message: Message): Message => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === 'tool_call_response' && part.response === TRANSFER.result
        ? { ...part, response }
        : part,
    ),
  });
