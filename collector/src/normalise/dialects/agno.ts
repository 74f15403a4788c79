import type { Json } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { readAttached } from '../messages/attached.js';
import { isArray, isObject } from '../messages/json.js';
import { readMessages } from '../messages/message.js';
import { asJson } from '../read-value.js';

const hasMedia = (message: Json): boolean => isObject(message) && readAttached(message).length > 0;

/** The numbered attributes leave out pictures and files; the request beside them has them. */
const requestWithMedia: ContentRule = {
  source: 'messages',
  read: ({ attributes }) => {
    const request = asJson(attributes.get('input.value') ?? null);
    const messages = isObject(request) ? request['messages'] : undefined;
    return isArray(messages) && messages.some(hasMedia)
      ? readMessages(messages, 'user')
      : undefined;
  },
};

/** Agno under OpenInference: what it tells beside that convention. */
export const agno: Dialect = {
  name: 'agno',
  marks: ['agno.'],
  scopes: [/^openinference\.instrumentation\.agno$/],
  input: [requestWithMedia],
};
