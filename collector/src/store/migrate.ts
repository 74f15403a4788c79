import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { ColloquyError } from '../errors.js';
import { openClient, selectRows, type StoreOptions } from './client.js';
import { digest } from '../digest.js';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

const resolve = (specifier: string): string => createRequire(import.meta.url).resolve(specifier);

function readMigrations(): readonly Migration[] {
  const folder = dirname(resolve('@colloquy/schema/migrations/0001-facts.sql'));
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  return names.map((name) => {
    const sql = readFileSync(join(folder, name), 'utf8');
    return { name, sql, checksum: digest(sql) };
  });
}

/** Cuts a file at semicolons that end a line; our SQL keeps none inside a statement. */
const statementsOf = (sql: string): readonly string[] =>
  sql
    .split(/;\s*$/m)
    .map((statement) => statement.replaceAll(/^--.*$/gm, '').trim())
    .filter((statement) => statement !== '');

/** Indexes of what is stored are made in the background: a start does not wait for them. */
async function run(client: ClickHouseClient, sql: string): Promise<void> {
  for (const query of statementsOf(sql))
    await client.command({ query, clickhouse_settings: { mutations_sync: '0' } });
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const identifier = (name: string): string => `\`${name.replaceAll('`', '')}\``;

/** The views' own look-ups run as the collector's user. */
function viewsSql({ username, password, database }: StoreOptions): string {
  const source = `USER ${quote(username)} PASSWORD ${quote(password)} DB ${quote(database)}`;
  return readFileSync(resolve('@colloquy/schema/views/views.sql'), 'utf8')
    .replaceAll('{{source}}', () => source)
    .replaceAll('{{database}}', () => database);
}

async function createDatabase(options: StoreOptions): Promise<void> {
  const client = openClient({ ...options, database: 'system' });
  try {
    await client.command({
      query: `CREATE DATABASE IF NOT EXISTS ${identifier(options.database)}`,
    });
  } finally {
    await client.close();
  }
}

const LEDGER = `CREATE TABLE IF NOT EXISTS schema_migrations
(name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree(applied_at) ORDER BY name`;

/**
 * Brings the database to this version's schema. Forward only. Every statement can run twice,
 * so processes that start at once do not harm each other.
 *
 * @throws ColloquyError `STARTUP_FAILED` when the database was made by a newer version
 */
export async function migrate(client: ClickHouseClient, options: StoreOptions): Promise<void> {
  await createDatabase(options);
  await client.command({ query: LEDGER });
  const applied = await selectRows<{ name: string; checksum: string }>(
    client,
    'SELECT name, checksum FROM schema_migrations FINAL',
    {},
  );
  const migrations = readMigrations();
  const newest = migrations.at(-1)?.name ?? '';
  const unknown = applied.find(({ name }) => name > newest);
  if (unknown !== undefined) {
    throw new ColloquyError(
      'STARTUP_FAILED',
      `The database ${options.database} was made by a newer Colloquy (it has migration ${unknown.name}); start that version or use another database.`,
    );
  }
  const done = new Set(applied.map(({ name }) => name));
  for (const { name, sql, checksum } of migrations) {
    if (done.has(name)) continue;
    await run(client, sql);
    await client.insert({
      table: 'schema_migrations',
      values: [{ name, checksum }],
      format: 'JSONEachRow',
    });
  }
  await run(client, viewsSql(options));
}
