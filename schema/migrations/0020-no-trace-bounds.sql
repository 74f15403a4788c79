-- The spans themselves lie by trace: what a trace's first and last times are is read there.
DROP VIEW IF EXISTS trace_bounds_mv;

DROP TABLE IF EXISTS trace_bounds;
