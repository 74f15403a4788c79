-- Erasing threads, users and projects for good: what is asked for, how far it is, and what keeps
-- late arrivals of what was erased out.

-- One row per erasure; its newest version holds. Who was erased stands here until that is done.
CREATE TABLE IF NOT EXISTS erasures
(
    project_id LowCardinality(String),
    erasure_id UUID,
    kind LowCardinality(String),
    -- JSON; '' once it is done. From then on `subject_mark` alone tells.
    subject String CODEC(ZSTD(1)),
    subject_mark UUID,
    state LowCardinality(String),
    -- What had begun or arrived before this is erased.
    erased_at DateTime64(3, 'UTC'),
    report String CODEC(ZSTD(1)),
    -- Who works on it, and when it last said so.
    worker String,
    updated_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, erasure_id)
SETTINGS non_replicated_deduplication_window = 0;

-- What an erasure has found, while it runs.
CREATE TABLE IF NOT EXISTS erasure_targets
(
    project_id LowCardinality(String),
    erasure_id UUID,
    kind LowCardinality(String),
    key String CODEC(ZSTD(1)),
    created_at DateTime DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY erasure_id
ORDER BY (kind, key)
SETTINGS non_replicated_deduplication_window = 0;

-- Digests of the ids of what was erased.
CREATE TABLE IF NOT EXISTS erasure_marks
(
    project_id LowCardinality(String),
    mark UUID,
    -- Of a trace of which this user's part alone was erased; zero for the whole.
    user_mark UUID,
    erased_at DateTime64(3, 'UTC'),
    erasure_id UUID
)
ENGINE = ReplacingMergeTree(erased_at)
ORDER BY (project_id, mark, user_mark)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 0;

-- Late arrivals that were kept out, as often as they arrived.
CREATE TABLE IF NOT EXISTS erasure_late
(
    project_id LowCardinality(String),
    erasure_id UUID,
    arrived_at DateTime64(3, 'UTC'),
    spans UInt64,
    logs UInt64
)
ENGINE = MergeTree
ORDER BY (project_id, erasure_id, arrived_at)
SETTINGS non_replicated_deduplication_window = 0;
