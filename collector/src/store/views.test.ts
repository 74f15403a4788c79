import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Pipeline } from '../pipeline.js';
import { loadRecording } from '../recordings/load-recording.js';
import { openClient, selectRows } from './client.js';
import { migrate } from './migrate.js';

const { requests, expected } = loadRecording('ai-v6');
const [trace] = requests.flatMap(({ spans }) => spans);
let admin: ClickHouseClient;
/** Like Grafana: reads only, and sees nothing but the database `colloquy`. */
let reader: ClickHouseClient;

beforeAll(async () => {
  const { url, username, password, reader: as } = inject('clickhouse');
  const options = { url, username, password, database: 'colloquy' };
  admin = openClient(options);
  await migrate(admin, options);
  const pipeline = new Pipeline({
    client: admin,
    now: Date.now,
    onError: (error) => {
      throw error;
    },
  });
  for (const { spans, logs } of requests)
    await pipeline.consume({ projectId: 'default', bytes: 0, spans, logs });
  await pipeline.stop();
  reader = createClient({
    url,
    ...as,
    database: 'colloquy',
    log: { level: ClickHouseLogLevel.OFF },
  });
});
afterAll(async () => {
  await reader.close();
  await admin.close();
});

describe('the views, as the read-only user', () => {
  test('threads and generations agree', async () => {
    const rows = await selectRows(
      reader,
      `SELECT thread_id, message_count, generation_count = calls AS same_calls, input_tokens = tokens AS same_tokens,
         round(abs(cost_usd - cost), 12) AS difference
       FROM threads JOIN (SELECT thread_id, count() AS calls, sum(input_tokens) AS tokens, sum(cost_usd) AS cost
         FROM generations GROUP BY thread_id) AS sums USING thread_id`,
      {},
    );
    const message_count = expected.messages.length;
    expect(rows).toEqual([
      { thread_id: expected.threadId, message_count, same_calls: 1, same_tokens: 1, difference: 0 },
    ]);
  });

  test('messages have their words', async () => {
    const rows = await selectRows<{ role: string; text: string }>(
      reader,
      "SELECT role, text FROM messages WHERE line = 'main' ORDER BY position",
      {},
    );
    const said = expected.messages.map(({ role, parts }) => ({
      role,
      text: parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])).join('\n'),
    }));
    expect(rows).toEqual(said);
  });

  test('spans know their thread', async () => {
    const rows = await selectRows(reader, 'SELECT DISTINCT thread_id FROM spans', {});
    expect(rows).toEqual([{ thread_id: expected.threadId }]);
  });

  test("otel_traces answers what Grafana's plugin asks for one trace", async () => {
    const rows = await selectRows<{ traceID: string; duration: number }>(
      reader,
      `WITH {traceId:String} AS trace_id,
         (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = trace_id) AS trace_start,
         (SELECT max(End) + 1 FROM otel_traces_trace_id_ts WHERE TraceId = trace_id) AS trace_end
       SELECT TraceId AS traceID, SpanId AS spanID, ParentSpanId AS parentSpanID, ServiceName AS serviceName,
         SpanName AS operationName, toUnixTimestamp64Nano(Timestamp) / 1000000 AS startTime,
         multiply(Duration, 0.000001) AS duration,
         arrayMap(key -> map('key', key, 'value', SpanAttributes[key]), mapKeys(SpanAttributes)) AS tags,
         arrayMap(key -> map('key', key, 'value', ResourceAttributes[key]), mapKeys(ResourceAttributes)) AS serviceTags,
         if(StatusCode IN ('Error', 'STATUS_CODE_ERROR'), 2, 0) AS statusCode,
         arrayMap((name, timestamp, attributes) -> tuple(name, toString(timestamp), attributes),
           \`Events.Name\`, \`Events.Timestamp\`, \`Events.Attributes\`) AS logs,
         arrayMap((traceID, spanID, attributes) -> tuple(traceID, spanID, attributes),
           \`Links.TraceId\`, \`Links.SpanId\`, \`Links.Attributes\`) AS references,
         SpanKind AS kind, StatusMessage AS statusMessage, TraceState AS traceState
       FROM otel_traces
       WHERE traceID = trace_id AND Timestamp >= trace_start AND Timestamp <= trace_end
       LIMIT 1000`,
      { traceId: trace?.traceId },
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every(({ duration }) => duration >= 0)).toBe(true);
  });

  test('cannot be written to', async () => {
    const write = reader.command({ query: 'TRUNCATE TABLE derived_threads' });
    await expect(write).rejects.toThrow('Not enough privileges');
  });
});
