import { z } from 'zod';

const count = z.int();

const outcomesShape = z.object({
  accepted: count,
  rejected: count.describe('Malformed, and refused for good; the sender was told.'),
  dropped: count.describe(
    'Well-formed and not kept: metrics, and what met an error that no retry helps.',
  ),
});

/** How far what was accepted since the start has come, in spans and log records of one project. */
export const statusShape = z.object({
  project_id: z.string(),
  summary: z.string().describe('In a sentence: accepted 1,204, queryable 1,204, waiting 0.'),
  accepted: count.describe('On disk; their senders were told so. What is replayed counts again.'),
  spooled: count.describe('Of these, on disk and not in ClickHouse yet.'),
  stored: count.describe('In ClickHouse.'),
  queryable: count.describe('In ClickHouse, with their threads rebuilt.'),
  refused: count.describe('Not storable, and kept as dead letters.'),
  waiting: count.describe('Accepted and neither queryable nor refused yet.'),
  received: z.object({ traces: outcomesShape, logs: outcomesShape, metrics: outcomesShape }),
  denied: z
    .record(z.string(), count)
    .nullable()
    .describe('Requests that were turned away, by reason; null for a key to one project.'),
});

export type StatusAnswer = z.infer<typeof statusShape>;
