import type { Json, Role } from '@colloquy/schema';
import { eventMessage } from './content-rules.js';
import { readWhole } from './read-whole.js';
import type { ContentRule } from './dialect.js';
import { isArray, isObject, stringAt } from './messages/json.js';
import { readMessages } from './messages/message.js';
import { asJson } from './read-value.js';

const ROLES: Readonly<Record<'input' | 'output', Role>> = { input: 'user', output: 'assistant' };

const nameOf = (event: Json): string =>
  isObject(event) ? (stringAt(event, 'event.name') ?? '') : '';

/** Where the answer begins: at the choice, else after the last word of someone else. */
function answerStart(list: readonly Json[]): number {
  const choice = list.findIndex((event) => nameOf(event) === 'gen_ai.choice');
  return choice !== -1
    ? choice
    : list.findLastIndex((event) => nameOf(event) !== 'gen_ai.assistant.message') + 1;
}

/** Per-message events as a list in one attribute, as Pydantic AI 1 and Logfire write them. */
export function eventList(key: string, side: 'input' | 'output'): ContentRule {
  return {
    source: 'events',
    read: ({ attributes }) => {
      const value = attributes.get(key) ?? null;
      const list = asJson(value);
      // A list that was cut is shown once, as what the call was sent.
      if (!isArray(list)) return side === 'input' ? readWhole(value, 'user') : undefined;
      const start = answerStart(list);
      const own = side === 'input' ? list.slice(0, start) : list.slice(start);
      const messages = own.flatMap((event) =>
        isObject(event) ? (eventMessage(nameOf(event), event) ?? []) : [],
      );
      return readMessages(messages, ROLES[side]);
    },
  };
}
