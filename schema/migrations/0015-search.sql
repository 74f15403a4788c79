-- The words of every message, for search. In the order of time, newest last: a search reads from
-- the end and stops when a page is full. A row may be out of date; derived_messages says what holds.
CREATE TABLE IF NOT EXISTS derived_search
(
    project_id LowCardinality(String),
    created_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    message_id UUID,
    content_hash UUID,
    role LowCardinality(String),
    text String CODEC(ZSTD(3)),
    version UInt64,
    INDEX words lowerUTF8(text) TYPE text(tokenizer = splitByNonAlpha)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, created_at, thread_id, message_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;
