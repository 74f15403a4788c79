import { z } from 'zod';
import { DISCREPANCY_KINDS } from './conversation.js';
import type { Json, Part } from './message.js';
import { SPAN_KINDS, STATUS_CODES } from './otlp.js';
import { CONTENT_SOURCES, OBSERVATION_KINDS } from './span.js';

/**
 * A thread id as one segment of a path. URL libraries resolve `.` and `..` away, escaped or
 * not, so an id of that look gets a tilde in front; every other id is only percent-encoded.
 */
export const encodeThreadId = (threadId: string): string =>
  encodeURIComponent(threadId.replace(/^~*\.{1,2}$/, (dots) => `~${dots}`));

/** The reverse of {@link encodeThreadId}, after percent-decoding. */
export const decodeThreadId = (segment: string): string => segment.replace(/^~(~*\.{1,2})$/, '$1');

const json: z.ZodType<Json> = z.any().describe('Any JSON value.');
const time = z.string().describe('RFC 3339, UTC, with nanoseconds.');
const count = z.int().min(0);
const text = z.string().nullable().describe('null when nothing said so.');
const tokens = count.nullable().describe('null when nothing said so.');
const milliseconds = z.number().nullable();
const cost = z.number().nullable().describe('US dollars; null when no price is known.');
const texts = z.array(z.string()).readonly();
const media = { modality: z.string(), mime_type: z.string().optional() };

/** One piece of a message; see {@link Part}. */
export const partShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), content: z.string() }),
  z.object({ type: z.literal('reasoning'), content: z.string() }),
  z.object({
    type: z.literal('tool_call'),
    id: z.string().optional(),
    name: z.string(),
    arguments: json.optional(),
  }),
  z.object({
    type: z.literal('tool_call_response'),
    id: z.string().optional(),
    name: z.string().optional(),
    response: json,
  }),
  z.object({ type: z.literal('blob'), ...media, content: z.string().describe('Base64.') }),
  z.object({ type: z.literal('file'), ...media, file_id: z.string() }),
  z.object({ type: z.literal('uri'), ...media, uri: z.string() }),
  z.object({ type: z.literal('raw'), content: json }),
]) as z.ZodType<Part>;

/** A thread in a list. */
export const threadShape = z.object({
  thread_id: z.string(),
  title: z.string().describe('The first words of the user.'),
  first_activity_at: time,
  last_activity_at: time,
  status: z.enum(['active', 'inactive']),
  message_count: count.describe('Messages of the main line.'),
  turn_count: count,
  trace_count: count,
  generation_count: count.describe('Model calls.'),
  error_count: count.describe('Failed model calls and tool calls.'),
  services: texts,
  models: texts,
  user_ids: texts,
  tags: texts,
  inferred: z
    .boolean()
    .describe('True when nobody named the thread: its traces were joined by what they say.'),
  input_tokens: count,
  output_tokens: count,
  cost_usd: cost,
});

export const threadListShape = z.object({
  threads: z.array(threadShape).readonly(),
  next_cursor: z.string().nullable(),
  total: count.describe('Threads in all, whatever the page.'),
});

/** What a user message set off, up to the next one; 0 is what stands before the first. */
export const turnShape = z.object({
  turn: count,
  message_ids: texts,
  started_at: time,
  ended_at: time,
  trace_ids: texts,
  generation_count: count,
  error_count: count,
  input_tokens: count,
  output_tokens: count,
  cost_usd: cost,
  latency_ms: milliseconds.describe("From the user's message to the last answer; else null."),
  time_to_first_token_ms: milliseconds.describe(
    "From the user's message to the first streamed chunk; null when no call tells of one.",
  ),
});

export const threadCandidateShape = z.object({
  thread_id: z.string(),
  key: z.string().describe('The attribute it came from.'),
  rank: count.describe('1 is the explicit key of the application; the lowest wins.'),
});

/** One model call, with what is counted for it. */
export const generationShape = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  turn: count,
  parent_message_id: text.describe('The id of the reported message that set it off.'),
  name: z.string(),
  operation_name: z.string(),
  provider_name: z.string(),
  model: z.string(),
  agent_name: z.string(),
  user_id: z.string(),
  start_time: time,
  end_time: time,
  is_error: z.boolean(),
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_write_input_tokens: tokens,
  reasoning_output_tokens: tokens,
  time_to_first_chunk: z.number().nullable().describe('Seconds.'),
  cost_usd: cost,
});

/** Something that happened in a thread and is no message. */
export const eventShape = z.object({
  name: z.string(),
  at: time,
  turn: count,
  user_id: text,
  metadata: z.record(z.string(), json),
  trace_id: z.string(),
  span_id: z.string(),
});

export const threadDetailShape = threadShape.extend({
  turns: z.array(turnShape).readonly(),
  generations: z.array(generationShape).readonly(),
  events: z.array(eventShape).readonly(),
  users: z
    .array(z.object({ user_id: z.string(), props: z.record(z.string(), json) }))
    .readonly()
    .describe('Who takes part, with what the application knows of each.'),
  losing_candidates: z
    .array(threadCandidateShape.extend({ trace_id: z.string(), span_id: text }))
    .readonly()
    .describe('Other thread ids met on its traces, best first, with where they were met first.'),
});

/** How a tool was run that a message calls; see {@link ToolExecution}. */
export const toolExecutionShape = z.object({
  part: count.describe("Which of the message's parts is the call, from 0."),
  trace_id: z.string(),
  span_id: z.string(),
  name: z.string(),
  started_at: time,
  ended_at: time,
  duration_ns: z.number(),
  is_error: z.boolean(),
  error_type: text,
  arguments: json.optional().describe('Only where the call in the message has none.'),
});

export const messageShape = z.object({
  message_id: z.string(),
  role: z.string(),
  name: z.string().optional(),
  parts: z.array(partShape).readonly(),
  content_hash: z.string(),
  created_at: time,
  turn: count,
  branch: count.describe('0 for the main line.'),
  line: z.enum(['main', 'branch', 'side_call']),
  source: z
    .enum(['tracked', 'derived', 'both'])
    .describe('Who told of it: the application itself, its model calls, or both.'),
  tracked_id: text.describe('The id under which the application reported it.'),
  metadata: z.record(z.string(), json).describe('What the application said of a tracked message.'),
  feedback: z
    .array(z.object({ user_id: text, at: time, values: z.record(z.string(), json) }))
    .readonly()
    .describe('What users think of it, one for each.'),
  trace_id: z.string().describe('Empty when a log record outside any trace said it.'),
  span_id: z.string().describe('The call, or the id of such a log record.'),
  history_gap: z.boolean().describe('True when no history ties the message to those before it.'),
  is_summary: z
    .boolean()
    .describe(
      'True when the message tells in short what was said before: the history was compacted.',
    ),
  provenance: z
    .object({
      key: z
        .string()
        .describe('The attribute or event, as gen_ai.input.messages or log:gen_ai.user.message.'),
      dialect: z.string(),
      rule_version: count,
      trace_id: z.string(),
      span_id: z
        .string()
        .describe('Another than that of the message where a later history told it more fully.'),
    })
    .nullable()
    .describe('Where the words were read; null when that was not noted.'),
  tool_executions: z
    .array(toolExecutionShape)
    .readonly()
    .describe('The runs of the tools that the message calls, where their spans are known.'),
});

export const messageListShape = z.object({
  messages: z.array(messageShape).readonly(),
  next_cursor: z.string().nullable(),
  prev_cursor: z.string().nullable(),
  total: count.describe('Messages on the lines that were asked for.'),
});

/** A message on one side of a discrepancy. */
const saidShape = z.object({ role: z.string(), parts: z.array(partShape).readonly() }).nullable();

/** What the application reported of a thread, against what its model calls show. */
export const reconcileShape = z.object({
  tracked: count.describe('Messages that the application reported.'),
  derived: count.describe('Messages of the main line that model calls show.'),
  matched: count.describe('Messages that both tell of, in the same words or not.'),
  discrepancies: z
    .array(
      z.object({
        kind: z.enum(DISCREPANCY_KINDS),
        message_id: text.describe('The message as it is shown.'),
        tracked_id: text,
        tracked: saidShape.describe('As reported.'),
        derived: saidShape.describe('As the model was sent it or said it.'),
      }),
    )
    .readonly(),
});

const attributes = z.record(z.string(), json);
const resourceShape = z.object({ schema_url: z.string(), attributes });
const scopeShape = z.object({
  name: z.string(),
  version: z.string(),
  schema_url: z.string(),
  attributes,
});

/** The meaning of a span or log record, in the names of the GenAI semantic conventions. */
const meaning = {
  dialects: texts,
  observation_kind: z.enum(OBSERVATION_KINDS),
  operation_name: text,
  provider_name: text,
  request_model: text,
  response_model: text,
  response_id: text,
  previous_response_id: text,
  finish_reasons: texts,
  agent_name: text,
  tool_name: text,
  tool_call_id: text,
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_write_input_tokens: tokens,
  reasoning_output_tokens: tokens,
  reported_cost_usd: cost,
  time_to_first_chunk: z.number().nullable().describe('Seconds.'),
  error_type: text,
  user_id: text,
  tags: texts,
  metadata: attributes,
  thread_candidates: z.array(threadCandidateShape).readonly(),
  input_source: z.enum(CONTENT_SOURCES),
  output_source: z.enum(CONTENT_SOURCES),
};

const attributeTypes = z
  .record(z.string(), z.string())
  .describe(
    'OTLP types of the values that are no text, by <place>/<key>; bytes are base64, integers beyond 2^53 text.',
  );

/** One span with all that arrived and what was made of it. */
export const spanShape = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: text,
  depth: count.describe('0 for a root, and for a span whose parent has not arrived.'),
  trace_state: z.string(),
  flags: count,
  name: z.string(),
  kind: z.enum(SPAN_KINDS),
  start_time: time,
  end_time: time,
  duration_ns: z.number(),
  status_code: z.enum(STATUS_CODES),
  status_message: z.string(),
  resource: resourceShape,
  scope: scopeShape,
  attributes,
  attribute_types: attributeTypes,
  events: z
    .array(z.object({ name: z.string(), time, attributes, dropped_attributes_count: count }))
    .readonly(),
  links: z
    .array(
      z.object({
        trace_id: z.string(),
        span_id: z.string(),
        trace_state: z.string(),
        attributes,
        dropped_attributes_count: count,
      }),
    )
    .readonly(),
  dropped_attributes_count: count,
  dropped_events_count: count,
  dropped_links_count: count,
  is_generation: z.boolean().describe('True when usage and cost are counted on this span.'),
  cost_usd: cost,
  price_source: text.describe(
    'prices:<pattern> of the own table, reported by the emitter, or genai-prices@<version>; null without a price.',
  ),
  ...meaning,
});

/** One log record with all that arrived and what was made of it. */
export const logShape = z.object({
  record_id: z.string(),
  trace_id: text.describe('null when the record was written outside any trace.'),
  span_id: text,
  time,
  observed_time: time,
  sequence: count,
  flags: count,
  severity_number: count,
  severity_text: z.string(),
  event_name: z.string(),
  body: json,
  resource: resourceShape,
  scope: scopeShape,
  attributes,
  attribute_types: attributeTypes,
  dropped_attributes_count: count,
  ...meaning,
});

export const traceShape = z.object({
  trace_id: z.string(),
  thread_id: text.describe('null when the trace is no part of a conversation.'),
  thread_candidates: z
    .array(threadCandidateShape)
    .readonly()
    .describe('Every thread id met on the trace, the winner first.'),
  continues_trace_id: text.describe(
    'The trace whose conversation this one goes on with. Looked for where there is no thread id.',
  ),
  is_ambiguous: z
    .boolean()
    .describe('True when it goes on from several conversations alike, and so was joined to none.'),
  spans: z.array(spanShape).readonly().describe('Parents before children, siblings by start.'),
  logs: z.array(logShape).readonly(),
});

/** Log records that name a thread and were written outside any trace. */
export const logListShape = z.object({
  logs: z.array(logShape).readonly(),
  next_cursor: z.string().nullable(),
});

export const contextMessageShape = messageShape.pick({
  role: true,
  name: true,
  parts: true,
  content_hash: true,
});

/** What one call was sent and what it answered, in order. */
export const callContextShape = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  input: z.array(contextMessageShape).readonly(),
  input_is_unordered: z
    .boolean()
    .describe('True when the messages sent came in several requests and bear the same time.'),
  output: z.array(contextMessageShape).readonly(),
  input_source: z.enum(CONTENT_SOURCES),
  output_source: z.enum(CONTENT_SOURCES),
});

/** One thing that keeps conversations from coming out right. */
export const findingShape = z.object({
  check: z.string().describe('What was looked for; stable.'),
  title: z.string(),
  unit: z.string().describe('What is counted, in the plural.'),
  emitter: z
    .string()
    .describe('The dialect, scope or service it was found with; empty where none is known.'),
  count: z.int().min(1),
  example: z
    .object({ trace_id: text, span_id: text, name: z.string(), service: z.string() })
    .nullable()
    .describe('The newest of those counted.'),
  advice: z.string(),
  setting: text.describe('A line for the app or its environment that mends it.'),
});

/** What the doctor found in what was received since a time. */
export const doctorShape = z.object({
  since: time,
  findings: z.array(findingShape).readonly().describe('What costs most first.'),
});

/** Why a request was refused. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ parameter: z.string(), detail: z.string() }))
    .readonly()
    .optional(),
});

export type ThreadAnswer = z.infer<typeof threadShape>;
export type ThreadListAnswer = z.infer<typeof threadListShape>;
export type GenerationAnswer = z.infer<typeof generationShape>;
export type EventAnswer = z.infer<typeof eventShape>;
export type TurnAnswer = z.infer<typeof turnShape>;
export type ThreadDetailAnswer = z.infer<typeof threadDetailShape>;
export type ToolExecutionAnswer = z.infer<typeof toolExecutionShape>;
export type MessageAnswer = z.infer<typeof messageShape>;
export type MessageListAnswer = z.infer<typeof messageListShape>;
export type ThreadCandidateAnswer = z.infer<typeof threadCandidateShape>;
export type SpanAnswer = z.infer<typeof spanShape>;
export type LogAnswer = z.infer<typeof logShape>;
export type LogListAnswer = z.infer<typeof logListShape>;
export type TraceAnswer = z.infer<typeof traceShape>;
export type ContextMessageAnswer = z.infer<typeof contextMessageShape>;
export type CallContextAnswer = z.infer<typeof callContextShape>;
export type FindingAnswer = z.infer<typeof findingShape>;
export type DoctorAnswer = z.infer<typeof doctorShape>;
export type ReconcileAnswer = z.infer<typeof reconcileShape>;
export type ProblemAnswer = z.infer<typeof problemShape>;
