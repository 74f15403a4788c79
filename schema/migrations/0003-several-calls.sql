-- How many of a span's input and output messages belong to each of its calls; empty for one call.
ALTER TABLE fact_spans
    ADD COLUMN IF NOT EXISTS input_counts Array(UInt32) AFTER output_source,
    ADD COLUMN IF NOT EXISTS output_counts Array(UInt32) AFTER input_counts;

ALTER TABLE fact_logs
    ADD COLUMN IF NOT EXISTS input_counts Array(UInt32) AFTER output_source,
    ADD COLUMN IF NOT EXISTS output_counts Array(UInt32) AFTER input_counts;
