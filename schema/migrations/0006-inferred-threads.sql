-- Threads that nobody named: which trace goes on from which. Derived; see conversation/join-traces.ts.
-- Traces that have an id are here only where their service also sends traces without one.

CREATE TABLE IF NOT EXISTS derived_joins
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    started_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    -- The id that the trace itself was given; '' for none.
    given_thread_id String CODEC(ZSTD(1)),
    begins Array(Array(UUID)) CODEC(ZSTD(1)),
    ends Array(UUID) CODEC(ZSTD(1)),
    parent_trace_id String CODEC(ZSTD(1)),
    root_trace_id String CODEC(ZSTD(1)),
    is_ambiguous Bool,
    thread_id String CODEC(ZSTD(1)),
    previous_thread_id String CODEC(ZSTD(1)),
    -- Microseconds since 1970 when the row was made.
    version UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, trace_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

-- Where to look for traces: by the marks they begin or end with, by the first trace of their
-- conversation, by thread. A row may be out of date; derived_joins says what holds.
CREATE TABLE IF NOT EXISTS derived_join_keys
(
    project_id LowCardinality(String),
    key UUID,
    kind Enum8('begin' = 1, 'end' = 2, 'root' = 3, 'thread' = 4),
    trace_id String CODEC(ZSTD(1)),
    started_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, key, kind, trace_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

-- Days around which a service sent traces without an id, counted from 1970.
CREATE TABLE IF NOT EXISTS derived_unnamed_days
(
    project_id LowCardinality(String),
    service_name String,
    day UInt16,
    -- Whether what had come before the day was marked has been looked at.
    is_done UInt8
)
ENGINE = ReplacingMergeTree(is_done)
ORDER BY (project_id, service_name, day)
SETTINGS non_replicated_deduplication_window = 10000;

ALTER TABLE derived_threads ADD COLUMN IF NOT EXISTS inferred Bool AFTER tags;
