-- Derived: what the rebuild makes of the facts. Dropping these tables loses nothing.
-- `version` grows with the facts a row was computed from, so that repeated and concurrent
-- runs converge; `is_deleted` hides a row whose facts now say otherwise.

CREATE TABLE IF NOT EXISTS derived_threads
(
    project_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    title String CODEC(ZSTD(1)),
    first_activity_at DateTime64(9, 'UTC'),
    last_activity_at DateTime64(9, 'UTC'),
    message_count UInt32,
    turn_count UInt32,
    trace_count UInt32,
    generation_count UInt32,
    error_count UInt32,
    services Array(LowCardinality(String)),
    models Array(LowCardinality(String)),
    user_ids Array(String),
    tags Array(LowCardinality(String)),
    input_tokens UInt64,
    output_tokens UInt64,
    cost_usd Nullable(Float64),
    rebuilt_at DateTime64(6, 'UTC'),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project_id, thread_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS derived_messages
(
    project_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    message_id UUID,
    position UInt32,
    turn UInt32,
    line LowCardinality(String),
    branch UInt32,
    role LowCardinality(String),
    source LowCardinality(String),
    created_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    shelf UUID,
    content_hash UUID,
    history_gap Bool,
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project_id, thread_id, message_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS derived_generations
(
    project_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    turn UInt32,
    name LowCardinality(String),
    operation_name LowCardinality(String),
    provider_name LowCardinality(String),
    model LowCardinality(String),
    agent_name LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    dialect LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    end_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    is_error Bool,
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    cache_read_input_tokens Nullable(UInt64),
    cache_write_input_tokens Nullable(UInt64),
    reasoning_output_tokens Nullable(UInt64),
    time_to_first_chunk Nullable(Float64),
    cost_usd Nullable(Float64),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project_id, thread_id, trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS derived_traces
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, trace_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;
