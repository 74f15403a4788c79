import { z } from 'zod';
import { logShape, spanShape } from './api.js';

const count = z.int().min(0);

export const DEAD_LETTER_STATES = ['waiting', 'replayed', 'dropped'] as const;

/** An item that could not be stored. */
const refusedItemShape = z.object({
  place: count
    .nullable()
    .describe('Among the well-formed items of its request, from 0; null for all of them.'),
  reason: z.string(),
});

/** An accepted request of which some items could not be stored. */
export const deadLetterShape = z.object({
  letter_id: z.string(),
  received_at: z.string().describe('RFC 3339, UTC.'),
  signal: z.enum(['traces', 'logs']),
  encoding: z.enum(['protobuf', 'json']),
  bytes: count.describe('Of the request as it came; 0 once it was replayed or dropped.'),
  state: z
    .enum(DEAD_LETTER_STATES)
    .describe('What was replayed and could not be stored again waits again.'),
  refused: count.describe('Items that could not be stored; 1 where it is all of the request.'),
  items: z.array(refusedItemShape).readonly().describe('The first of them.'),
});

export const deadLetterListShape = z.object({
  dead_letters: z.array(deadLetterShape).readonly(),
  next_cursor: z.string().nullable(),
});

const deadSpanShape = spanShape.pick({
  trace_id: true,
  span_id: true,
  parent_span_id: true,
  trace_state: true,
  flags: true,
  name: true,
  kind: true,
  start_time: true,
  end_time: true,
  status_code: true,
  status_message: true,
  resource: true,
  scope: true,
  attributes: true,
  events: true,
  links: true,
  dropped_attributes_count: true,
  dropped_events_count: true,
  dropped_links_count: true,
});

const deadLogShape = logShape.pick({
  trace_id: true,
  span_id: true,
  time: true,
  observed_time: true,
  sequence: true,
  flags: true,
  severity_number: true,
  severity_text: true,
  event_name: true,
  body: true,
  resource: true,
  scope: true,
  attributes: true,
  dropped_attributes_count: true,
});

export const deadLetterDetailShape = deadLetterShape.extend({
  items: z
    .array(
      refusedItemShape.extend({
        span: deadSpanShape.nullable(),
        log: deadLogShape.nullable(),
      }),
    )
    .readonly()
    .describe(
      'Masked as the project wants it. Neither span nor log where it cannot be read or masked, or is gone.',
    ),
  next_cursor: z.string().nullable().describe('Where the next items begin.'),
});

export const replayShape = z.object({
  replayed: count.describe('Requests.'),
  items: count.describe('Items of theirs that go through the intake again.'),
  next_cursor: z.string().nullable().describe('To go on with, where there are more.'),
});

export type DeadLetterAnswer = z.infer<typeof deadLetterShape>;
export type DeadLetterListAnswer = z.infer<typeof deadLetterListShape>;
export type DeadLetterDetailAnswer = z.infer<typeof deadLetterDetailShape>;
export type ReplayAnswer = z.infer<typeof replayShape>;
