import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';

/** How to reach a ClickHouse, embedded or not. */
export interface StoreOptions {
  /** `http://host:port` */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Made at start if missing. */
  readonly database: string;
}

/** Seconds that a read may take; a client that gave up does not stop a query by itself. */
const MAX_EXECUTION_TIME = 30;

/** Opens the one client that all of the store shares; 64-bit integers come as text. */
export function openClient({ url, username, password, database }: StoreOptions): ClickHouseClient {
  return createClient({
    url,
    username,
    password,
    database,
    application: 'colloquy',
    request_timeout: 60_000,
    max_open_connections: 16,
    compression: { request: false, response: false },
    // A failed request is answered to its caller; the client's own log would repeat content.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 1,
      date_time_input_format: 'basic',
      max_execution_time: MAX_EXECUTION_TIME,
      max_partitions_per_insert_block: '0',
      async_insert: 0,
      // Half an emoji, cut off by an emitter, must not keep a batch out: it is stored as its escape.
      input_format_json_throw_on_bad_escape_sequence: 0,
    },
  });
}

/** Rows of a `SELECT`, with bound parameters. */
export async function selectRows<T>(
  client: ClickHouseClient,
  query: string,
  params: Readonly<Record<string, unknown>>,
): Promise<readonly T[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    use_multipart_params_auto: true,
  });
  return result.json<T>();
}

/** ClickHouse takes parameters of up to 128 KiB: this many ids with their quotes stay well below. */
const MAX_KEYS = 2_000;

function inPieces<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / MAX_KEYS);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * MAX_KEYS, (index + 1) * MAX_KEYS),
  );
}

/**
 * Rows of a `SELECT` that looks many ids up: the parameter `keys` is given in pieces. The answer has
 * to be the same for each id whatever others are asked for with it.
 *
 * @param keys - UUIDs, trace ids or span ids
 */
export async function selectByKeys<T>(
  client: ClickHouseClient,
  query: string,
  params: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Promise<readonly T[]> {
  const answers = inPieces(keys).map((piece) =>
    selectRows<T>(client, query, { ...params, keys: piece }),
  );
  return (await Promise.all(answers)).flat();
}

/**
 * Rows of a `SELECT` with the parameters `projectId`, `shelves` and `keys`; the latter two are given in
 * pieces. What stands on several shelves is found once for each.
 */
export async function selectFromShelves<T>(
  client: ClickHouseClient,
  query: string,
  projectId: string,
  { shelves, hashes }: { readonly shelves: readonly string[]; readonly hashes: readonly string[] },
): Promise<readonly T[]> {
  const answers = inPieces(shelves).map((piece) =>
    selectByKeys<T>(client, query, { projectId, shelves: piece }, hashes),
  );
  return (await Promise.all(answers)).flat();
}
