import { createHash } from 'node:crypto';

/** Who may do everything. */
export const ADMIN = 'colloquy';
/** Who may only read the database `colloquy`. */
export const READER = 'colloquy_reader';

export interface ServerSettings {
  /** Absolute; the engine's own data, its logs and its backups are folders in it. */
  readonly dataDir: string;
  /** Absolute path of the file that holds `usersXml`. */
  readonly usersFile: string;
  /** 0 lets the kernel choose. */
  readonly httpPort: number;
  /** 0 lets the kernel choose; undefined when it is not listened on. */
  readonly tcpPort: number | undefined;
  /** Bytes that the whole server may use. */
  readonly maxMemory: number;
}

export interface UserSettings {
  readonly adminPassword: string;
  readonly readerPassword: string;
  /** Bytes that the whole server may use; one query of the reader may use half of it. */
  readonly maxMemory: number;
}

/** An element's content; an array repeats the element, an empty object leaves it empty. */
type Xml = string | number | { readonly [tag: string]: Xml | readonly Xml[] };

const MIB = 1024 * 1024;
const LOOPBACK = { ip: ['127.0.0.1', '::1'] };
/** What the child's statements need: to listen and to read stdin. */
const OWN_STATEMENTS = [
  'GRANT SYSTEM LISTEN ON *.*',
  'GRANT READ ON FILE',
  'GRANT CREATE TEMPORARY TABLE ON *.*',
];
/**
 * The local mode runs its statements as `default` without a password, and does not start without
 * that user. It logs in before it listens and stays, so nobody else ever gets the one session.
 */
const ENGINE_PROFILE = {
  max_sessions_for_user: 1,
  constraints: { max_sessions_for_user: { readonly: {} } },
};
/**
 * The local mode forgets its `system` database but not the folders of the tables in it, so that a
 * log on disk could not be made again after a restart, and tries without end. Hence in memory.
 */
const inMemoryLog = (table: string, maxBytes: number): Xml => ({
  database: 'system',
  table,
  engine: `ENGINE = Memory SETTINGS max_bytes_to_keep = ${maxBytes}`,
  flush_interval_milliseconds: 7500,
});

/** The engine's config.xml. Pure. ClickHouse 26.7 in local mode; YAML is not understood there. */
export function configXml(settings: ServerSettings): string {
  const { dataDir, maxMemory } = settings;
  return render({
    path: `${dataDir}/clickhouse/`,
    tmp_path: `${dataDir}/clickhouse/tmp/`,
    user_files_path: `${dataDir}/clickhouse/user_files/`,
    format_schema_path: `${dataDir}/clickhouse/format_schemas/`,
    user_defined_path: `${dataDir}/clickhouse/user_defined/`,
    users_config: settings.usersFile,
    listen_host: '127.0.0.1',
    http_port: settings.httpPort,
    ...(settings.tcpPort === undefined ? {} : { tcp_port: settings.tcpPort }),
    // The local mode's default database shows every file of the machine to whoever may read it.
    default_database: '',
    database: 'system',
    // The local mode's own 2 and 0 delay merges and never send background Distributed inserts.
    background_schedule_pool_size: 16,
    background_distributed_schedule_pool_size: 4,
    // An idle connection holds a stop back this long.
    // Longer than a client's, so that it is the client that closes an idle connection and none breaks in use.
    keep_alive_timeout: 30,
    max_concurrent_queries: 100,
    max_server_memory_usage: maxMemory,
    mark_cache_size: 128 * MIB,
    index_mark_cache_size: 64 * MIB,
    primary_index_cache_size: 64 * MIB,
    'log-level': 'warning',
    logger: {
      log: `${dataDir}/logs/clickhouse.log`,
      errorlog: `${dataDir}/logs/clickhouse.error.log`,
      size: '10M',
      count: 2,
    },
    query_log: inMemoryLog('query_log', 32 * MIB),
    part_log: inMemoryLog('part_log', 8 * MIB),
    backups: { allowed_path: `${dataDir}/backups/` },
    // An acknowledged insert survives a power cut, and one sent again with its token is not doubled.
    merge_tree: {
      fsync_after_insert: 1,
      fsync_part_directory: 1,
      non_replicated_deduplication_window: 10_000,
      // What was merged is on disk before its sources go: the local mode keeps those no longer.
      min_compressed_bytes_to_fsync_after_merge: 1,
      // Sketches of every column of every part cost CPU and disk; our queries read by keys.
      auto_statistics_types: '',
    },
    access_control_improvements: {
      select_from_system_db_requires_grant: 'true',
      settings_constraints_replace_previous: 'true',
    },
  });
}

/** The engine's users.xml: an administrator, a reader, and a `default` that nobody can log in as. Pure. */
export function usersXml({ adminPassword, readerPassword, maxMemory }: UserSettings): string {
  return render({
    profiles: { default: {}, engine: ENGINE_PROFILE, reader: readerProfile(maxMemory) },
    users: {
      default: {
        password: '',
        networks: LOOPBACK,
        profile: 'engine',
        quota: 'default',
        grants: { query: OWN_STATEMENTS },
      },
      [ADMIN]: {
        password_sha256_hex: sha256(adminPassword),
        networks: LOOPBACK,
        profile: 'default',
        quota: 'default',
      },
      [READER]: {
        password_sha256_hex: sha256(readerPassword),
        networks: LOOPBACK,
        profile: 'reader',
        quota: 'default',
        // Explicit grants are the second lock on the file system, after the empty default database.
        grants: { query: ['GRANT SELECT ON colloquy.*', 'GRANT dictGet ON colloquy.*'] },
      },
    },
    quotas: { default: {} },
  });
}

function readerProfile(maxMemory: number): Xml {
  return {
    readonly: 1,
    max_execution_time: 60,
    max_memory_usage: Math.floor(maxMemory / 2),
    max_rows_to_read: 2_000_000_000,
    max_result_rows: 1_000_000,
    allow_introspection_functions: 0,
    // A reader who has gone away, such as a closed dashboard, should cost nothing.
    cancel_http_readonly_queries_on_client_close: 1,
    constraints: {
      // Grafana's driver sends its own time-out with each query. 0 would mean no limit.
      max_execution_time: { min: 1, max: 600, changeable_in_readonly: {} },
      max_result_rows: { min: 1, max: 1_000_000, changeable_in_readonly: {} },
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function render(content: Xml): string {
  return `${element('clickhouse', content)}\n`;
}

function element(tag: string, content: Xml | readonly Xml[]): string {
  if (isList(content)) return content.map((item) => element(tag, item)).join('');
  if (typeof content !== 'object') return `<${tag}>${escapeXml(String(content))}</${tag}>`;
  const children = Object.entries(content).map(([name, child]) => element(name, child));
  return `<${tag}>${children.join('')}</${tag}>`;
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(content: Xml | readonly Xml[]): content is readonly Xml[] {
  return Array.isArray(content);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
