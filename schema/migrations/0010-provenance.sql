-- Which attribute or event the messages of a span or record were read from, and by which rules.
ALTER TABLE fact_spans
    ADD COLUMN IF NOT EXISTS system_key LowCardinality(String) AFTER output_source,
    ADD COLUMN IF NOT EXISTS input_key LowCardinality(String) AFTER system_key,
    ADD COLUMN IF NOT EXISTS output_key LowCardinality(String) AFTER input_key,
    ADD COLUMN IF NOT EXISTS rule_version UInt16 AFTER output_key;

ALTER TABLE fact_logs
    ADD COLUMN IF NOT EXISTS system_key LowCardinality(String) AFTER output_source,
    ADD COLUMN IF NOT EXISTS input_key LowCardinality(String) AFTER system_key,
    ADD COLUMN IF NOT EXISTS output_key LowCardinality(String) AFTER input_key,
    ADD COLUMN IF NOT EXISTS rule_version UInt16 AFTER output_key;
