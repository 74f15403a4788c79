-- Histories in pieces. A call that re-sends its history names the pieces that were sent before,
-- so that what calls saw grows with the conversation and not with its square.

CREATE TABLE IF NOT EXISTS fact_histories
(
    project_id LowCardinality(String),
    -- As in fact_contents: that of the first history it was seen in.
    shelf UUID,
    -- Digest of the hashes.
    piece_hash UUID,
    -- Messages of the history by their hash, in order; where pieces end, these alone decide.
    content_hashes Array(UUID) CODEC(ZSTD(1)),
    retention_days UInt16 DEFAULT 36500,
    seen_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(seen_at)
ORDER BY (project_id, shelf, piece_hash)
TTL toDate(seen_at) + retention_days
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 10000;

-- The pieces that a history begins with; input_hashes is the rest, or all of it where there are none.
ALTER TABLE fact_spans ADD COLUMN IF NOT EXISTS input_pieces Array(UUID) CODEC(ZSTD(1)) AFTER system_hashes;

ALTER TABLE fact_logs ADD COLUMN IF NOT EXISTS input_pieces Array(UUID) CODEC(ZSTD(1)) AFTER system_hashes;
