import { z } from '@hono/zod-openapi';
import { clampNano } from '../store/time.js';
import { ParameterError } from './parameter-error.js';

/** A place in a list as text that means nothing to a client. */
export const encodeCursor = (place: unknown): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * The reverse of {@link encodeCursor}.
 * @throws ParameterError when the text is no cursor of this list
 */
export function decodeCursor<T>(shape: z.ZodType<T>, cursor: string): T {
  const { success, data } = shape.safeParse(parse(cursor));
  if (success) return data;
  const detail = 'Not a cursor of this list; use next_cursor or prev_cursor of an answer as it is.';
  throw new ParameterError([{ parameter: 'cursor', detail }]);
}

/** True for a time that the store can hold; others would make its parser fail. */
export const isNano = (text: string): boolean =>
  /^\d{1,19}$/.test(text) && clampNano(BigInt(text)) === BigInt(text);
