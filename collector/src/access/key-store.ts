import type { ClickHouseClient } from '@clickhouse/client';
import type { AccessScope } from '@colloquy/schema';
import { formatMillis } from '../store/time.js';
import { insertRows } from '../store/write-facts.js';
import type { AccessKey, AccessRecords, Project } from './access-key.js';

const READ_KEYS = `SELECT key_id, project_id, name, scopes, origins, hash, token_public_key,
  requests_per_second, bytes_per_second, max_body_bytes,
  toUnixTimestamp64Milli(created_at) AS created_ms,
  toUnixTimestamp64Milli(expires_at) AS expires_ms,
  toUnixTimestamp64Milli(revoked_at) AS revoked_ms
FROM access_keys FINAL ORDER BY created_at, key_id`;

const READ_PROJECTS = `SELECT project_id, name, toUnixTimestamp64Milli(created_at) AS created_ms
FROM projects FINAL ORDER BY created_at, project_id`;

const READ_USES = `SELECT key_id, toUnixTimestamp(max(used_at)) * 1000 AS used_ms
FROM access_key_uses GROUP BY key_id`;

interface KeyRow {
  readonly key_id: string;
  readonly project_id: string;
  readonly name: string;
  readonly scopes: readonly AccessScope[];
  readonly origins: readonly string[];
  readonly hash: string;
  readonly token_public_key: string;
  readonly requests_per_second: number;
  readonly bytes_per_second: number;
  readonly max_body_bytes: string;
  readonly created_ms: string;
  readonly expires_ms: string | null;
  readonly revoked_ms: string | null;
}

interface ProjectRow {
  readonly project_id: string;
  readonly name: string;
  readonly created_ms: string;
}

const positive = (number: number): number | undefined => (number > 0 ? number : undefined);
const optional = (text: string | null): number | undefined =>
  text === null ? undefined : Number(text);

const decodeKey = (row: KeyRow): AccessKey => ({
  keyId: row.key_id,
  projectId: row.project_id === '' ? undefined : row.project_id,
  name: row.name,
  scopes: row.scopes,
  origins: row.origins,
  hash: row.hash,
  tokenPublicKey: row.token_public_key,
  limits: {
    requestsPerSecond: positive(row.requests_per_second),
    bytesPerSecond: positive(row.bytes_per_second),
    maxBodyBytes: positive(Number(row.max_body_bytes)),
  },
  createdAt: Number(row.created_ms),
  expiresAt: optional(row.expires_ms),
  revokedAt: optional(row.revoked_ms),
});

const decodeProject = ({ project_id, name, created_ms }: ProjectRow): Project => ({
  projectId: project_id,
  name,
  createdAt: Number(created_ms),
});

const timeOrNull = (ms: number | undefined): string | null =>
  ms === undefined ? null : formatMillis(ms);

async function select<T>(
  client: ClickHouseClient,
  query: string,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const result = await client.query({ query, format: 'JSONEachRow', abort_signal: signal });
  return result.json<T>();
}

/** Keys and projects as ClickHouse keeps them. */
export class KeyStore {
  readonly #client: ClickHouseClient;

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  async read(signal: AbortSignal): Promise<AccessRecords> {
    const [keys, projects] = await Promise.all([
      select<KeyRow>(this.#client, READ_KEYS, signal),
      select<ProjectRow>(this.#client, READ_PROJECTS, signal),
    ]);
    return { keys: keys.map(decodeKey), projects: projects.map(decodeProject) };
  }

  /** Stores a key as it was made, or as revoked; whichever comes first or twice, revoked wins. */
  async putKey(key: AccessKey): Promise<void> {
    const { limits } = key;
    const row = {
      key_id: key.keyId,
      project_id: key.projectId ?? '',
      name: key.name,
      scopes: key.scopes,
      origins: key.origins,
      hash: key.hash,
      token_public_key: key.tokenPublicKey,
      requests_per_second: limits.requestsPerSecond ?? 0,
      bytes_per_second: limits.bytesPerSecond ?? 0,
      max_body_bytes: limits.maxBodyBytes ?? 0,
      created_at: formatMillis(key.createdAt),
      expires_at: timeOrNull(key.expiresAt),
      revoked_at: timeOrNull(key.revokedAt),
      version: key.revokedAt === undefined ? 1 : 2,
    };
    await insertRows(this.#client, new Map([['access_keys', [row]]]));
  }

  async putProject({ projectId, name, createdAt }: Project): Promise<void> {
    const row = { project_id: projectId, name, created_at: formatMillis(createdAt ?? 0) };
    await insertRows(this.#client, new Map([['projects', [row]]]));
  }

  /** When keys were last used, in milliseconds since 1970. */
  async readUses(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    interface Row {
      readonly key_id: string;
      readonly used_ms: string;
    }
    const rows = await select<Row>(this.#client, READ_USES, signal);
    return new Map(rows.map(({ key_id, used_ms }) => [key_id, Number(used_ms)]));
  }

  async putUses(uses: ReadonlyMap<string, number>): Promise<void> {
    const rows = [...uses].map(([key_id, ms]) => ({
      key_id,
      used_at: formatMillis(ms).slice(0, 'YYYY-MM-DD hh:mm:ss'.length),
    }));
    await insertRows(this.#client, new Map([['access_key_uses', rows]]));
  }
}
