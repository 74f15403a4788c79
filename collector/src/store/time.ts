/** `YYYY-MM-DD hh:mm:ss.nnn` in UTC, as ClickHouse reads a `DateTime64`. @param ms - since 1970 */
export const formatMillis = (ms: number): string =>
  new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * The last moment that is kept as it is. A date 100 years on, the longest retention, must
 * still fit into ClickHouse's `Date`, which ends in 2149.
 */
const LATEST_NANO = BigInt(Date.UTC(2049, 0, 1)) * 1_000_000n;

/** Brings a client's time into the range that the store can hold. */
export function clampNano(nano: bigint): bigint {
  if (nano < 0n) return 0n;
  return nano > LATEST_NANO ? LATEST_NANO : nano;
}

/** `YYYY-MM-DD hh:mm:ss.nnnnnnnnn` in UTC, as ClickHouse reads a `DateTime64(9)`. */
export function formatNano(nano: bigint): string {
  const clamped = clampNano(nano);
  const seconds = new Date(Number(clamped / NANOS_PER_SECOND) * 1000).toISOString();
  const fraction = String(clamped % NANOS_PER_SECOND).padStart(9, '0');
  return `${seconds.slice(0, 10)} ${seconds.slice(11, 19)}.${fraction}`;
}
