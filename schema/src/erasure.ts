import { z } from 'zod';

const time = z.string().describe('RFC 3339, UTC.');
const count = z.int().min(0);

const id = z.string().min(1);

/** Whom or what to erase: exactly one of the three. */
export const eraseShape = z
  .strictObject({
    thread: id.optional(),
    user: id.optional(),
    project: id.optional(),
    confirm: z
      .string()
      .optional()
      .describe('`confirm` of the answer that counted. Without it nothing is erased.'),
  })
  .refine(
    ({ thread, user, project }) =>
      [thread, user, project].filter((one) => one !== undefined).length === 1,
    'Name one of thread, user and project.',
  );

/** What an erasure finds, in the words of who asked for it. */
export const erasureCountsShape = z.object({
  threads: count,
  traces: count,
  spans: count,
  logs: count,
  contents: count.describe('Messages that nothing else refers to.'),
  contents_kept: count.describe('Messages that others have said or seen too: these stay.'),
  traces_named_elsewhere: count.describe(
    'Traces that name the thread but belong to another by a better id: these stay.',
  ),
  shared_threads: count.describe(
    'Threads of several users: only spans of this one go. What they said can still stand in histories that calls of others have seen.',
  ),
});

/** Rows of one table as they lie there, older versions and copies included. */
const erasedTableShape = z.object({
  table: z.string(),
  before: count,
  deleted: count,
  left: count,
});

export const erasurePreviewShape = z.object({
  kind: z.enum(['thread', 'user', 'project']),
  counts: erasureCountsShape,
  tables: z.array(erasedTableShape).readonly(),
  shared_threads: z
    .array(z.string())
    .readonly()
    .describe('Their ids; told here alone, since what is kept of an erasure names nobody.'),
  confirm: z.string().describe('To be sent with the same body to erase; good for 15 minutes.'),
});

export const ERASURE_KINDS = ['thread', 'user', 'project', 'late', 'expired'] as const;
export const ERASURE_STATES = ['waiting', 'draining', 'deleting', 'done'] as const;

export const erasureShape = z.object({
  erasure_id: z.string(),
  kind: z
    .enum(ERASURE_KINDS)
    .describe('`late`: what came in parts after its erasure. `expired`: by retention.'),
  subject: z.string().nullable().describe('The id that was asked for; null once it is erased.'),
  subject_mark: z.string().describe('Digest of project, kind and id.'),
  state: z.enum(ERASURE_STATES),
  step: z.string().describe('What is under way.'),
  erased_at: time.describe('What had begun or arrived before this is erased, whenever it arrives.'),
  finished_at: time.nullable(),
  counts: erasureCountsShape.nullable(),
  tables: z.array(erasedTableShape).readonly(),
  rounds: count.describe('How often everything was gone through until nothing was left.'),
  error: z.string().nullable().describe('Why it is being tried again.'),
  late: z
    .object({ spans: count, logs: count })
    .describe('What arrived since and was kept out, each time it did.'),
  on_disk: z
    .object({ parts: count, bytes: count })
    .describe('Files that ClickHouse has put aside by then and removes within minutes.'),
});

export const erasureListShape = z.object({
  erasures: z.array(erasureShape).readonly(),
  total: count,
});

const days = z.int().min(1).max(36_500);

export const retentionShape = z.object({
  days: days.nullable().describe('Days since a thread last heard of; null keeps it for good.'),
  expires: z
    .object({ days, threads: count, traces: count, spans: count, logs: count })
    .nullable()
    .describe('What is older than the `days` that were asked about.'),
  next_run_at: time.nullable(),
  last_run: erasureShape.nullable(),
});

export const setRetentionShape = z.strictObject({ days: days.nullable() });

export type EraseRequest = z.infer<typeof eraseShape>;
export type ErasureCounts = z.infer<typeof erasureCountsShape>;
export type ErasedTable = z.infer<typeof erasedTableShape>;
export type ErasurePreviewAnswer = z.infer<typeof erasurePreviewShape>;
export type ErasureKind = (typeof ERASURE_KINDS)[number];
export type ErasureState = (typeof ERASURE_STATES)[number];
export type ErasureAnswer = z.infer<typeof erasureShape>;
export type ErasureListAnswer = z.infer<typeof erasureListShape>;
export type RetentionAnswer = z.infer<typeof retentionShape>;
