-- When the rules were last run over a record again and said something else; it is stored in place of
-- the old one, with the time at which it arrived, so that nothing else tells the two apart.
ALTER TABLE fact_spans ADD COLUMN IF NOT EXISTS restated_at DateTime64(6, 'UTC') DEFAULT 0 CODEC(ZSTD(1)) AFTER received_at;

ALTER TABLE fact_logs ADD COLUMN IF NOT EXISTS restated_at DateTime64(6, 'UTC') DEFAULT 0 CODEC(ZSTD(1)) AFTER received_at;
