-- Facts: append-only rows, keyed by what a retry repeats, so that copies collapse.

CREATE TABLE IF NOT EXISTS fact_spans
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    trace_state String CODEC(ZSTD(1)),
    flags UInt32,
    name LowCardinality(String),
    kind LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    end_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    status_code LowCardinality(String),
    status_message String CODEC(ZSTD(1)),
    service_name LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    resource_schema_url LowCardinality(String),
    scope_schema_url LowCardinality(String),
    resource_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    scope_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    -- Texts that are content of a message stand here as a reference to it; see fold.ts.
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    -- Types of the attribute values that are not plain text, by path.
    attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    `events.time` Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    `events.name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `events.attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    `events.dropped_attributes_count` Array(UInt32) CODEC(ZSTD(1)),
    `links.trace_id` Array(String) CODEC(ZSTD(1)),
    `links.span_id` Array(String) CODEC(ZSTD(1)),
    `links.trace_state` Array(String) CODEC(ZSTD(1)),
    `links.attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    `links.dropped_attributes_count` Array(UInt32) CODEC(ZSTD(1)),
    dropped_attributes_count UInt32,
    dropped_events_count UInt32,
    dropped_links_count UInt32,

    dialects Array(LowCardinality(String)),
    observation_kind LowCardinality(String),
    operation_name LowCardinality(String),
    provider_name LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    response_id String CODEC(ZSTD(1)),
    previous_response_id String CODEC(ZSTD(1)),
    finish_reasons Array(LowCardinality(String)),
    agent_name LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    cache_read_input_tokens Nullable(UInt64),
    cache_write_input_tokens Nullable(UInt64),
    reasoning_output_tokens Nullable(UInt64),
    reported_cost_usd Nullable(Float64),
    time_to_first_chunk Nullable(Float64),
    error_type LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)),
    metadata String CODEC(ZSTD(1)),
    `thread_candidates.thread_id` Array(String) CODEC(ZSTD(1)),
    `thread_candidates.key` Array(LowCardinality(String)),
    `thread_candidates.rank` Array(UInt8),
    system_hashes Array(UUID) CODEC(ZSTD(1)),
    input_hashes Array(UUID) CODEC(ZSTD(1)),
    output_hashes Array(UUID) CODEC(ZSTD(1)),
    input_source LowCardinality(String),
    output_source LowCardinality(String),
    -- Where the contents of these hashes are kept; see fact_contents.
    content_shelves Array(UUID) CODEC(ZSTD(1)),

    retention_days UInt16 DEFAULT 36500,
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    -- A span exported again with more in it ends later; equal copies are equal.
    version UInt64 CODEC(Delta, ZSTD(1)),
    INDEX by_start_time start_time TYPE minmax GRANULARITY 1,
    INDEX by_received_at received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(toDate(start_time) + retention_days)
ORDER BY (project_id, trace_id, span_id)
TTL toDate(start_time) + retention_days
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS fact_logs
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    -- Digest of the whole record and its place among equal ones: a record has no id of its own.
    record_id UUID,
    time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    observed_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence UInt32,
    flags UInt32,
    severity_number Int32,
    severity_text LowCardinality(String),
    event_name LowCardinality(String),
    body String CODEC(ZSTD(1)),
    service_name LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    resource_schema_url LowCardinality(String),
    scope_schema_url LowCardinality(String),
    resource_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    scope_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    dropped_attributes_count UInt32,

    dialects Array(LowCardinality(String)),
    observation_kind LowCardinality(String),
    operation_name LowCardinality(String),
    provider_name LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    response_id String CODEC(ZSTD(1)),
    previous_response_id String CODEC(ZSTD(1)),
    finish_reasons Array(LowCardinality(String)),
    agent_name LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    cache_read_input_tokens Nullable(UInt64),
    cache_write_input_tokens Nullable(UInt64),
    reasoning_output_tokens Nullable(UInt64),
    reported_cost_usd Nullable(Float64),
    time_to_first_chunk Nullable(Float64),
    error_type LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)),
    metadata String CODEC(ZSTD(1)),
    `thread_candidates.thread_id` Array(String) CODEC(ZSTD(1)),
    `thread_candidates.key` Array(LowCardinality(String)),
    `thread_candidates.rank` Array(UInt8),
    system_hashes Array(UUID) CODEC(ZSTD(1)),
    input_hashes Array(UUID) CODEC(ZSTD(1)),
    output_hashes Array(UUID) CODEC(ZSTD(1)),
    input_source LowCardinality(String),
    output_source LowCardinality(String),
    content_shelves Array(UUID) CODEC(ZSTD(1)),

    retention_days UInt16 DEFAULT 36500,
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    INDEX by_time time TYPE minmax GRANULARITY 1,
    INDEX by_received_at received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(toDate(time) + retention_days)
ORDER BY (project_id, trace_id, span_id, record_id)
TTL toDate(time) + retention_days
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024, non_replicated_deduplication_window = 10000;

-- The content of every message, once. Shelves keep a conversation's messages side by side:
-- a message goes on the shelf of the first history it was seen in.
CREATE TABLE IF NOT EXISTS fact_contents
(
    project_id LowCardinality(String),
    shelf UUID,
    content_hash UUID,
    role LowCardinality(String),
    -- JSON {role, parts, name?}; the hash is of this text.
    message String CODEC(ZSTD(3)),
    retention_days UInt16 DEFAULT 36500,
    seen_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(seen_at)
ORDER BY (project_id, shelf, content_hash)
TTL toDate(seen_at) + retention_days
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 10000;

-- Which traces may belong to a thread: every id met on a trace, and the trace's own.
CREATE TABLE IF NOT EXISTS fact_thread_candidates
(
    project_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    retention_days UInt16 DEFAULT 36500,
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    INDEX by_received_at received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (project_id, thread_id, trace_id)
TTL toDate(received_at) + retention_days
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS trace_bounds
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    start_time SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    end_time SimpleAggregateFunction(max, DateTime64(9, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, trace_id)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_bounds_mv TO trace_bounds AS
SELECT project_id, trace_id, min(start_time) AS start_time, max(end_time) AS end_time
FROM fact_spans
GROUP BY project_id, trace_id;
