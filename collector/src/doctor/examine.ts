import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../store/client.js';
import { BLANK_HASHES } from './blank.js';
import type { Advice, Check, CheckRow } from './check.js';
import { CHECKS } from './checks.js';

/** Where to look, and how far back. */
export interface ExamineOptions {
  readonly projectId: string;
  /** Milliseconds since 1970: what was received before is left out. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

/** One thing found with one emitter. */
export interface Finding extends Advice {
  readonly check: string;
  readonly title: string;
  readonly unit: string;
  readonly emitter: string;
  readonly count: number;
  /** The newest of those counted; empty ids where it is no span. */
  readonly example?: {
    readonly traceId: string;
    readonly spanId: string;
    readonly name: string;
    readonly service: string;
  };
}

/** Most emitters told of for each check; the worst come first. */
const MAX_EMITTERS = 20;

const findingOf = ({ name: check, title, unit, remedy }: Check, row: CheckRow): Finding => ({
  check,
  title,
  unit,
  emitter: row.emitter,
  count: Number(row.count),
  example: {
    traceId: row.trace_id,
    spanId: row.span_id,
    name: row.name,
    service: row.service,
  },
  ...remedy(row.emitter),
});

/** Runs every check over what was received lately; the findings come in the order of the checks. */
export async function examine(
  client: ClickHouseClient,
  { projectId, sinceMs, nowMs }: ExamineOptions,
): Promise<readonly Finding[]> {
  const [since, now] = [Math.floor(sinceMs / 1000), Math.floor(nowMs / 1000)];
  const params = { projectId, since, now, blank: BLANK_HASHES, limit: MAX_EMITTERS };
  const findings: Finding[] = [];
  // One after the other: each reads much, and nobody waits for the whole by the millisecond.
  for (const check of CHECKS) {
    const rows = await selectRows<CheckRow>(client, check.sql, params);
    findings.push(...rows.map((row) => findingOf(check, row)));
  }
  return findings;
}
