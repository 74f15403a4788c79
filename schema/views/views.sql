-- What SQL users and Grafana read; made anew at every start. Tables named fact_… and
-- derived_… are internal and may change with any version.

CREATE OR REPLACE DICTIONARY content_by_hash
(
    project_id String,
    shelf UUID,
    content_hash UUID,
    message String
)
PRIMARY KEY project_id, shelf, content_hash
SOURCE(CLICKHOUSE({{source}} QUERY 'SELECT project_id, shelf, content_hash, message FROM {{database}}.fact_contents WHERE {condition}'))
LAYOUT(COMPLEX_KEY_DIRECT());

CREATE OR REPLACE DICTIONARY thread_of_trace
(
    project_id String,
    trace_id String,
    thread_id String
)
PRIMARY KEY project_id, trace_id
SOURCE(CLICKHOUSE({{source}} QUERY 'SELECT project_id, trace_id, thread_id FROM {{database}}.derived_traces FINAL WHERE {condition}'))
LAYOUT(COMPLEX_KEY_DIRECT());

-- One row per conversation.
CREATE OR REPLACE VIEW threads AS
SELECT
    project_id,
    thread_id,
    title,
    first_activity_at,
    last_activity_at,
    message_count,
    turn_count,
    trace_count,
    generation_count,
    error_count,
    services,
    models,
    user_ids,
    tags,
    -- True when nobody named the thread: its traces were joined by what they say.
    inferred,
    input_tokens,
    output_tokens,
    cost_usd
FROM derived_threads FINAL;

-- One row per message; `line` is main, branch or side_call, `position` the order within all.
CREATE OR REPLACE VIEW messages AS
SELECT
    project_id,
    thread_id,
    message_id,
    position,
    turn,
    line,
    branch,
    role,
    dictGet('{{database}}.content_by_hash', 'message', (project_id, shelf, content_hash)) AS message,
    JSONExtractRaw(message, 'parts') AS parts,
    arrayStringConcat(
        arrayMap(
            part -> JSONExtractString(part, 'content'),
            arrayFilter(part -> JSONExtractString(part, 'type') = 'text', JSONExtractArrayRaw(message, 'parts'))
        ),
        '\n'
    ) AS text,
    source,
    tracked_id,
    -- JSON of what the application said of it.
    metadata,
    -- JSON array of {user_id, at, values}: what users think of it.
    feedback,
    created_at,
    trace_id,
    span_id,
    content_hash,
    history_gap,
    is_summary
FROM derived_messages FINAL;

-- One row per model call, with what is counted for it. Times to the first chunk are seconds.
CREATE OR REPLACE VIEW generations AS
SELECT
    project_id,
    thread_id,
    trace_id,
    span_id,
    turn,
    name,
    operation_name,
    provider_name,
    model,
    agent_name,
    user_id,
    -- The id of the reported message that set it off.
    parent_message_id,
    dialect,
    start_time,
    end_time,
    dateDiff('nanosecond', start_time, end_time) AS duration_ns,
    is_error,
    input_tokens,
    output_tokens,
    cache_read_input_tokens,
    cache_write_input_tokens,
    reasoning_output_tokens,
    time_to_first_chunk,
    cost_usd,
    price_source
FROM derived_generations FINAL;

-- One row per thing that happened in a thread and is no message.
CREATE OR REPLACE VIEW events AS
SELECT
    project_id,
    dictGet('{{database}}.thread_of_trace', 'thread_id', (toString(project_id), trace_id)) AS thread_id,
    JSONExtractString(report, 'eventName') AS name,
    JSONExtractRaw(report, 'metadata') AS metadata,
    user_id,
    start_time AS time,
    trace_id,
    span_id
FROM fact_spans FINAL
WHERE observation_kind = 'event';

-- One row per span, of models or not. Texts that are content of messages are references here:
-- read them from `messages`, or the whole span from the API.
CREATE OR REPLACE VIEW spans AS
SELECT
    project_id,
    dictGet('{{database}}.thread_of_trace', 'thread_id', (toString(project_id), trace_id)) AS thread_id,
    trace_id,
    span_id,
    parent_span_id,
    name,
    kind,
    observation_kind,
    start_time,
    end_time,
    dateDiff('nanosecond', start_time, end_time) AS duration_ns,
    status_code,
    status_message,
    service_name,
    scope_name,
    dialects,
    operation_name,
    provider_name,
    request_model,
    response_model,
    agent_name,
    tool_name,
    input_tokens,
    output_tokens,
    error_type,
    user_id,
    tags,
    metadata,
    attributes,
    resource_attributes
FROM fact_spans FINAL;

-- The names and types that Grafana's ClickHouse plugin expects in OTel mode.
CREATE OR REPLACE VIEW otel_traces AS
SELECT
    start_time AS Timestamp,
    trace_id AS TraceId,
    span_id AS SpanId,
    parent_span_id AS ParentSpanId,
    trace_state AS TraceState,
    name AS SpanName,
    kind AS SpanKind,
    service_name AS ServiceName,
    resource_attributes AS ResourceAttributes,
    scope_name AS ScopeName,
    scope_version AS ScopeVersion,
    attributes AS SpanAttributes,
    toUInt64(greatest(dateDiff('nanosecond', start_time, end_time), 0)) AS Duration,
    status_code AS StatusCode,
    status_message AS StatusMessage,
    `events.time` AS `Events.Timestamp`,
    `events.name` AS `Events.Name`,
    `events.attributes` AS `Events.Attributes`,
    `links.trace_id` AS `Links.TraceId`,
    `links.span_id` AS `Links.SpanId`,
    `links.trace_state` AS `Links.TraceState`,
    `links.attributes` AS `Links.Attributes`,
    project_id AS ProjectId
FROM fact_spans FINAL;

CREATE OR REPLACE VIEW otel_traces_trace_id_ts AS
SELECT
    trace_id AS TraceId,
    min(start_time) AS Start,
    max(end_time) AS End
FROM fact_spans
GROUP BY trace_id;
