import type { TimeInput } from '@opentelemetry/api';

const NANOS_PER_MS = 1_000_000;

/** Milliseconds with a fraction; in two parts, for together they exceed what a number holds exactly. */
const ofMs = (ms: number): bigint =>
  BigInt(Math.trunc(ms)) * BigInt(NANOS_PER_MS) + BigInt(Math.round((ms % 1) * NANOS_PER_MS));

/** Nanoseconds since 1970. Small numbers are those of `performance.now()`, as everywhere in OpenTelemetry. */
export function toUnixNano(time: TimeInput): bigint {
  if (Array.isArray(time)) return BigInt(time[0]) * 1_000_000_000n + BigInt(time[1]);
  if (time instanceof Date) return ofMs(time.getTime());
  return ofMs(time <= performance.now() ? performance.timeOrigin + time : time);
}
