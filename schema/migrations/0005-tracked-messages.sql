-- Messages that applications report themselves, by their own ids.
ALTER TABLE fact_spans ADD COLUMN IF NOT EXISTS message_id String CODEC(ZSTD(1)) AFTER error_type;

ALTER TABLE fact_logs ADD COLUMN IF NOT EXISTS message_id String CODEC(ZSTD(1)) AFTER error_type;

ALTER TABLE derived_messages ADD COLUMN IF NOT EXISTS tracked_id String CODEC(ZSTD(1)) AFTER source;
