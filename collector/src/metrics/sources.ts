import type { ClickHouseClient } from '@clickhouse/client';
import type { Access } from '../access/access.js';
import type { Ingest } from '../ingest/ingest.js';
import type { OtlpCounters } from '../receivers/otlp/counters.js';
import type { Spool } from '../spool/spool.js';
import { countWaiting } from '../store/dead-letters.js';
import type { MetricSources } from './metrics.js';

/** A scrape is worth more without this number than late. */
const COUNT_MS = 2_000;

interface Parts {
  readonly client: ClickHouseClient;
  readonly spool: Pick<Spool, 'bytes' | 'maxBytes'>;
  readonly intake: Pick<Ingest, 'flow'>;
  readonly counters: OtlpCounters;
  readonly access: Pick<Access, 'refusals'>;
}

/** The parts of a running collector, as {@link Metrics} asks them. */
export const metricSources = ({
  client,
  spool,
  intake,
  counters,
  access,
}: Parts): MetricSources => ({
  flow: () => intake.flow.byProject(),
  received: () => counters.snapshot(),
  denied: () => access.refusals,
  spool,
  deadLetters: () => countWaiting(client, AbortSignal.timeout(COUNT_MS)),
});
