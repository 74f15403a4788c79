/** One thing that was measured. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** What the reader should know beside it. */
  readonly note?: string;
}

type Unit = 'spans/s' | 'MB/s' | 'MB' | 's' | 'ms' | 'x' | '%' | 'count';

/** What one measurement found. */
export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Told of progress, in a few words. */
export type Progress = (message: string) => void;

const MEGABYTE = 1_000_000;

/** Bytes as megabytes. */
export const megabytes = (bytes: number): number => bytes / MEGABYTE;

const LATENCIES = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

/** By nearest rank. @param share - of 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Percentiles of durations in milliseconds. */
export function latencyFigures(
  name: string,
  durationsMs: readonly number[],
  note?: string,
): readonly Figure[] {
  return LATENCIES.map(([label, share], index) => ({
    name: `${name} ${label}`,
    value: percentile(durationsMs, share),
    unit: 'ms',
    ...(index === 0 && note !== undefined && { note }),
  }));
}

const NAME_WIDTH = 44;
const VALUE_WIDTH = 11;

/** Three digits that matter; more only before the point. */
function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(digits, 3) });
}

/** A section as aligned plain text. */
export function renderSection({ title, figures }: Section): string {
  const lines = figures.map(({ name, value, unit, note }) => {
    const label = name.padEnd(NAME_WIDTH);
    const shown = `${formatValue(value).padStart(VALUE_WIDTH)} ${unit === 'count' ? '' : unit}`;
    return `  ${label}${note === undefined ? shown : `${shown.padEnd(VALUE_WIDTH + 10)}${note}`}`;
  });
  return [title, ...lines.map((line) => line.trimEnd())].join('\n');
}
