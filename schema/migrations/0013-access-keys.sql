-- Tenants. `default` is there without a row.
CREATE TABLE IF NOT EXISTS projects
(
    project_id String CODEC(ZSTD(1)),
    name String CODEC(ZSTD(1)),
    created_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY project_id
SETTINGS non_replicated_deduplication_window = 10000;

-- Who may come in. What is kept of a key tells whether one that is shown is right, and not what it is.
-- A revoked key keeps its row: as long as there is one, keys are asked for.
CREATE TABLE IF NOT EXISTS access_keys
(
    key_id String,
    -- '' for all projects.
    project_id String CODEC(ZSTD(1)),
    name String CODEC(ZSTD(1)),
    scopes Array(LowCardinality(String)),
    -- Of web pages; empty where the key is for none.
    origins Array(String) CODEC(ZSTD(1)),
    -- SHA-256 of the whole key, in hex.
    hash String,
    -- Ed25519, in base64url: checks the tokens that were signed with the key.
    token_public_key String CODEC(ZSTD(1)),
    -- 0 for no limit.
    requests_per_second Float64,
    bytes_per_second Float64,
    max_body_bytes UInt64,
    created_at DateTime64(3, 'UTC'),
    expires_at Nullable(DateTime64(3, 'UTC')),
    revoked_at Nullable(DateTime64(3, 'UTC')),
    -- 1 as it was made, 2 once it is revoked: no clock decides which holds.
    version UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY key_id
SETTINGS non_replicated_deduplication_window = 10000;

-- When a key was last used, to the minute.
CREATE TABLE IF NOT EXISTS access_key_uses
(
    key_id String,
    used_at DateTime('UTC')
)
ENGINE = ReplacingMergeTree(used_at)
ORDER BY key_id
SETTINGS non_replicated_deduplication_window = 10000;
