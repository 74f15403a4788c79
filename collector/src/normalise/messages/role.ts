import type { Role } from '@colloquy/schema';
import { lookUp } from './json.js';

/** Roles that mean the same; `dialects.md` section 32. Compared in lower case. */
const ALIASES: Readonly<Record<string, Role>> = {
  human: 'user',
  customer: 'user',
  ai: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  aimessage: 'assistant',
  humanmessage: 'user',
  systemmessage: 'system',
  toolmessage: 'tool',
  developer: 'system',
  function: 'tool',
  'tool-call': 'assistant',
  'tool-response': 'tool',
};

/** Folds the aliases of the four roles; a role nobody knows is kept in lower case. */
export function foldRole(role: string): Role {
  const lower = role.trim().toLowerCase();
  return lookUp(ALIASES, lower) ?? lower;
}
