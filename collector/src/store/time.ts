/** `YYYY-MM-DD hh:mm:ss.nnn` in UTC, as ClickHouse reads a `DateTime64`. @param ms - since 1970 */
export const formatMillis = (ms: number): string =>
  new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

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

/** Times come in rows: most fall into the second that was written last. */
let lastSecond = { digits: '', text: '' };

function formatSecond(digits: string): string {
  if (digits !== lastSecond.digits) {
    const iso = new Date(Number(digits) * 1000).toISOString();
    lastSecond = { digits, text: `${iso.slice(0, 10)} ${iso.slice(11, 19)}` };
  }
  return lastSecond.text;
}

/** `YYYY-MM-DD hh:mm:ss.nnnnnnnnn` in UTC, as ClickHouse reads a `DateTime64(9)`. */
export function formatNano(nano: bigint): string {
  const digits = String(clampNano(nano)).padStart(10, '0');
  return `${formatSecond(digits.slice(0, -9))}.${digits.slice(-9)}`;
}
