-- What a project has set, by name, as JSON. The newest row of a name holds; `null` means it is not set.
CREATE TABLE IF NOT EXISTS project_settings
(
    project_id LowCardinality(String),
    name LowCardinality(String),
    value String CODEC(ZSTD(1)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, name)
SETTINGS non_replicated_deduplication_window = 10000;
