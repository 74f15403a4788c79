-- Traces of one thread lie all over the table, in one of its parts each: the others are not read for them.
-- A thread asks for a hundred traces at once; so one in a thousand is taken wrongly, and not one in a hundred.
ALTER TABLE fact_spans ADD INDEX IF NOT EXISTS by_trace_id trace_id TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE fact_spans MATERIALIZE INDEX by_trace_id;

ALTER TABLE fact_logs ADD INDEX IF NOT EXISTS by_trace_id trace_id TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE fact_logs MATERIALIZE INDEX by_trace_id;
