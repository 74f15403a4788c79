import { ColloquyError } from '../errors.js';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Milliseconds of a text such as `90d`, `12h` or `30m`.
 * @throws ColloquyError `STARTUP_FAILED` saying what was expected
 */
export function readDuration(name: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const unitMs = UNITS[unit as keyof typeof UNITS];
  if (count === undefined || unitMs === undefined || Number(count) === 0)
    throw new ColloquyError(
      'STARTUP_FAILED',
      `${name} is "${text}": expected a number and m, h, d or w, such as 90d.`,
    );
  return Number(count) * unitMs;
}
