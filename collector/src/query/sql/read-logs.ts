import type { ClickHouseClient } from '@clickhouse/client';
import type { LogFact } from '@colloquy/schema';
import { selectRows } from '../../store/client.js';
import type { Row } from '../../store/gen-ai-columns.js';
import { joinHistories } from '../../store/history-pieces.js';
import { LOG_COLUMNS } from '../../store/whole-rows.js';
import { decodeLog } from '../../store/read-facts.js';
import { untracedKey } from '../../untraced-logs.js';

/** A log record with all of its columns: what the rebuild needs decoded, the rest as stored. */
export interface StoredLog {
  readonly fact: LogFact;
  readonly row: Row;
}

const LOGS = `SELECT ${LOG_COLUMNS}
FROM fact_logs FINAL
WHERE project_id = {projectId:String} AND trace_id = {traceId:String}`;

const IN_ORDER = 'ORDER BY time, sequence, toString(record_id)';

const AFTER = `AND (time, sequence, toString(record_id)) >
  (fromUnixTimestamp64Nano({timeNano:Int64}), {sequence:UInt32}, {recordId:String})`;

/** All log records of one trace, whole, in the order in which they were written. */
export async function readLogs(
  client: ClickHouseClient,
  projectId: string,
  traceId: string,
): Promise<readonly StoredLog[]> {
  const rows = await selectRows<Row>(client, `${LOGS} ${IN_ORDER}`, { projectId, traceId });
  const whole = await joinHistories(client, projectId, rows);
  return whole.map((row) => ({ fact: decodeLog(row), row }));
}

/** Where a page ends: the last record on it. */
export type LogPlace = Pick<LogFact, 'timeUnixNano' | 'sequence' | 'recordId'>;

export interface ReadThreadLogs {
  readonly projectId: string;
  readonly threadId: string;
  readonly after: LogPlace | undefined;
  readonly limit: number;
}

/** The log records that name a thread and were written outside any trace, whole and in order. */
export async function readThreadLogs(
  client: ClickHouseClient,
  { projectId, threadId, after, limit }: ReadThreadLogs,
): Promise<readonly StoredLog[]> {
  const rows = await selectRows<Row>(
    client,
    `${LOGS} ${after === undefined ? '' : AFTER} ${IN_ORDER} LIMIT {limit:UInt32}`,
    {
      projectId,
      traceId: untracedKey(threadId),
      limit,
      ...(after && {
        timeNano: String(after.timeUnixNano),
        sequence: after.sequence,
        recordId: after.recordId,
      }),
    },
  );
  const whole = await joinHistories(client, projectId, rows);
  return whole.map((row) => ({ fact: decodeLog(row), row }));
}
