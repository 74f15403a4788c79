import type { ClickHouseClient } from '@clickhouse/client';
import { RULE_VERSION } from '../normalise/rule-version.js';
import { selectRows } from '../store/client.js';
import { priceModels, scaleOf, type FillPlan } from './fill-plan.js';
import {
  insertsOf,
  LINES_SQL,
  MESSAGES_SQL,
  PROMPTS_SQL,
  THREADS_SQL,
  type FillContext,
} from './fill-sql.js';
import { createVocabularies } from './fill-words.js';
import type { Progress } from './figures.js';

/** Messages that are made and inserted together. */
const BATCH_MESSAGES = 100_000;
/** Days over which the threads are spread, up to now. */
const DAYS = 90n;
const NANOS_PER_DAY = 86_400_000_000_000n;
const NANOS_PER_MS = 1_000_000n;
/** A folder that was filled by other rules is not gone on with. */
const FILL_VERSION = 2;

interface FillRun {
  readonly plan: FillPlan;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const run = (
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown> = {},
): Promise<unknown> =>
  client.command({
    query,
    query_params: params,
    clickhouse_settings: {
      max_execution_time: 0,
      output_format_json_escape_forward_slashes: 0,
      prefer_column_name_to_alias: 1,
    },
  });

const stage = (client: ClickHouseClient, table: string, select: string): Promise<unknown> =>
  run(client, `CREATE OR REPLACE TABLE bench.${table} ENGINE = Memory AS ${select}`);

/** The plan that the store was begun with. @throws Error when it was another one */
async function readBeginning(client: ClickHouseClient, plan: FillPlan): Promise<bigint> {
  await run(client, 'CREATE DATABASE IF NOT EXISTS bench');
  await run(
    client,
    'CREATE TABLE IF NOT EXISTS bench.done (first UInt32, plan String, until Int64) ENGINE = MergeTree ORDER BY first',
  );
  const text = JSON.stringify({ ...plan, version: FILL_VERSION });
  const rows = await selectRows<{ plan: string; until: string }>(
    client,
    'SELECT DISTINCT plan, until FROM bench.done',
    {},
  );
  const [known] = rows;
  if (known === undefined) return BigInt(Date.now()) * NANOS_PER_MS;
  if (known.plan !== text) {
    throw new Error(`The folder was filled with ${known.plan}; use another one for ${text}.`);
  }
  return BigInt(known.until);
}

async function prepare(
  client: ClickHouseClient,
  plan: FillPlan,
  until: bigint,
): Promise<FillContext> {
  const vocabularies = createVocabularies();
  const context: FillContext = {
    scale: scaleOf(plan),
    models: priceModels(),
    languages: vocabularies.length,
    threads: plan.threads,
    from: until - DAYS * NANOS_PER_DAY,
    to: until,
  };
  await run(
    client,
    'CREATE OR REPLACE TABLE bench.vocabulary (words Array(String)) ENGINE = Memory',
  );
  await client.insert({
    table: 'bench.vocabulary',
    values: [{ words: vocabularies.flat() }],
    format: 'JSONEachRow',
  });
  await stage(client, 'prompts', PROMPTS_SQL(context));
  return context;
}

/** Makes some threads and inserts all their rows. Made again they are the same, so that a retry heals. */
async function fillBatch(
  client: ClickHouseClient,
  context: FillContext,
  range: { readonly first: number; readonly count: number },
): Promise<void> {
  await stage(client, 'threads', THREADS_SQL(context, range));
  await stage(client, 'messages', MESSAGES_SQL);
  await stage(client, 'lines', LINES_SQL);
  await Promise.all(
    insertsOf(context).map(async ([table, select]) => {
      const columns = await columnsOf(client, select);
      await run(client, `INSERT INTO ${table} (${columns}) ${select}`, {
        ruleVersion: RULE_VERSION,
      });
    }),
  );
}

/** A query's columns by name: what it leaves out has its default. */
async function columnsOf(client: ClickHouseClient, select: string): Promise<string> {
  const answer = await client.query({
    query: `DESCRIBE (${select})`,
    clickhouse_settings: { prefer_column_name_to_alias: 1 },
    query_params: { ruleVersion: RULE_VERSION },
    format: 'JSONEachRow',
  });
  const rows = await answer.json<{ name: string }>();
  return rows.map(({ name }) => `\`${name}\``).join(', ');
}

/**
 * Fills a store with conversations: facts and derived rows as the pipeline writes them, made by
 * ClickHouse itself out of a vocabulary, the same for the same plan. What was begun is gone on with.
 *
 * @throws Error when the store was begun with another plan
 */
export async function fillStore(
  client: ClickHouseClient,
  { plan, progress, signal }: FillRun,
): Promise<void> {
  const until = await readBeginning(client, plan);
  const batchThreads = Math.max(1, Math.round((BATCH_MESSAGES * plan.threads) / plan.messages));
  const done = new Set(
    (await selectRows<{ first: number }>(client, 'SELECT first FROM bench.done', {})).map(
      ({ first }) => first,
    ),
  );
  const firsts = Array.from(
    { length: Math.ceil(plan.threads / batchThreads) },
    (_, index) => index * batchThreads,
  ).filter((first) => !done.has(first));
  if (firsts.length === 0) return;
  const context = await prepare(client, plan, until);
  const text = JSON.stringify({ ...plan, version: FILL_VERSION });
  const started = performance.now();
  for (const [index, first] of firsts.entries()) {
    signal.throwIfAborted();
    await fillBatch(client, context, {
      first,
      count: Math.min(batchThreads, plan.threads - first),
    });
    await client.insert({
      table: 'bench.done',
      values: [{ first, plan: text, until: String(until) }],
      format: 'JSONEachRow',
    });
    const seconds = (performance.now() - started) / 1_000;
    const left = (seconds / (index + 1)) * (firsts.length - index - 1);
    progress(
      `filling the store: batch ${index + 1} of ${firsts.length}, ${Math.ceil(left / 60)} min to go`,
    );
  }
  for (const table of ['vocabulary', 'prompts', 'threads', 'messages', 'lines'])
    await run(client, `DROP TABLE IF EXISTS bench.${table}`);
}
