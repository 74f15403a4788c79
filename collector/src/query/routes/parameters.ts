import { decodeThreadId } from '@colloquy/schema';
import { z } from '@hono/zod-openapi';

const THREAD_ID =
  'Percent-encoded. An id of dots, which URL libraries would resolve away, has a tilde before it: ~. and ~..';

export const threadParams = z.object({
  thread_id: z.string().describe(THREAD_ID).transform(decodeThreadId),
});

const hex = (digits: number): z.ZodType<string, string> =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'i'), `Must be ${digits} hexadecimal digits.`)
    .transform((text) => text.toLowerCase());

export const traceParams = z.object({ trace_id: hex(32) });
export const spanParams = z.object({ trace_id: hex(32), span_id: hex(16) });

/** `limit` and `cursor` of a list. */
export const pageQuery = ({ max, usual }: { readonly max: number; readonly usual: number }) =>
  z.object({
    limit: z.coerce.number().int().min(1).max(max).default(usual).describe('Items on a page.'),
    cursor: z.string().optional().describe('next_cursor or prev_cursor of an answer, as it is.'),
  });
