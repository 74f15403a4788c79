-- What applications report beside messages: events, feedback, and which message set off a run.
ALTER TABLE fact_spans
    ADD COLUMN IF NOT EXISTS parent_message_id String CODEC(ZSTD(1)) AFTER message_id,
    ADD COLUMN IF NOT EXISTS report String CODEC(ZSTD(1)) AFTER parent_message_id;

ALTER TABLE fact_logs
    ADD COLUMN IF NOT EXISTS parent_message_id String CODEC(ZSTD(1)) AFTER message_id,
    ADD COLUMN IF NOT EXISTS report String CODEC(ZSTD(1)) AFTER parent_message_id;

-- Where the ids of messages stand: in a trace that reports one, that it set off, or that judges it.
CREATE TABLE IF NOT EXISTS fact_message_references
(
    project_id LowCardinality(String),
    message_id String CODEC(ZSTD(1)),
    kind Enum8('reported' = 1, 'run' = 2, 'feedback' = 3),
    trace_id String CODEC(ZSTD(1)),
    -- The thread that was named beside it; '' for none.
    thread_id String CODEC(ZSTD(1)),
    retention_days UInt16 DEFAULT 36500,
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (project_id, message_id, kind, trace_id, thread_id)
TTL toDate(received_at) + retention_days
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

ALTER TABLE derived_messages
    ADD COLUMN IF NOT EXISTS metadata String CODEC(ZSTD(1)) AFTER tracked_id,
    ADD COLUMN IF NOT EXISTS feedback String CODEC(ZSTD(1)) AFTER metadata;

ALTER TABLE derived_generations
    ADD COLUMN IF NOT EXISTS parent_message_id String CODEC(ZSTD(1)) AFTER user_id;
