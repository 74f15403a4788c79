declare const unit: unique symbol;

/** Nanoseconds since 1970-01-01T00:00:00Z, as OTLP sends them; beyond 2^53, so always a bigint. */
export type UnixNano = bigint & { readonly [unit]: 'UnixNano' };

/** 32 lower-case hexadecimal digits. */
export type TraceId = string & { readonly [unit]: 'TraceId' };

/** 16 lower-case hexadecimal digits. */
export type SpanId = string & { readonly [unit]: 'SpanId' };
