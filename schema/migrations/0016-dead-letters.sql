-- Requests of which some items could not be stored, whole as they came. The newest row of one holds.
CREATE TABLE IF NOT EXISTS dead_letters
(
    project_id LowCardinality(String),
    letter_id String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    signal LowCardinality(String),
    encoding LowCardinality(String),
    -- Base64.
    body String CODEC(ZSTD(3)),
    -- Places of the items among the well-formed ones of the request; -1 for all of them.
    places Array(Int32) CODEC(ZSTD(1)),
    reasons Array(String) CODEC(ZSTD(1)),
    state Enum8('waiting' = 1, 'replayed' = 2, 'dropped' = 3),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, letter_id)
SETTINGS non_replicated_deduplication_window = 10000;
