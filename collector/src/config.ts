import { parseArgs } from 'node:util';
import { ColloquyError } from './errors.js';

/** Where to listen; port 0 lets the kernel choose. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A value that must not show in any print or log. */
class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

interface Option<T> {
  readonly env: string;
  readonly default: string;
  readonly value: string;
  readonly help: string;
  /** Throws a sentence that says what was expected. */
  readonly parse: (text: string) => T;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/;

/** Whether no other machine can reach it. */
export const isLoopback = ({ host }: Address): boolean => LOOPBACK.test(host);

function address(text: string): Address {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const number = Number(match?.[2]);
  const host = match?.[1] ?? '';
  if (host === '' || !(number <= 65_535)) throw new Error('expected host:port');
  return { host: host.replaceAll(/[[\]]/g, ''), port: number };
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65_535)
    throw new Error('expected a port from 0 to 65535');
  return number;
}

function httpUrl(text: string): string | undefined {
  if (text === '') return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error('expected http://host:port');
  return text.replace(/\/$/, '');
}

/** As in `OTEL_EXPORTER_OTLP_HEADERS`: names and values with `=` between, percent-encoded where needed. */
function secretHeaders(text: string): Secret {
  for (const pair of text.split(',').filter((part) => part.trim() !== ''))
    if (!/^\s*[\w!#$%&'*+.^`|~-]+=[\x20-\x7e]*$/.test(pair))
      throw new Error('expected name=value, with commas');
  if (/%(?![\da-f]{2})/i.test(text)) throw new Error('expected % only before two hex digits');
  return new Secret(text);
}

/** Headers by name, from what {@link secretHeaders} has let through. */
export const headersOf = (secret: Secret): Readonly<Record<string, string>> =>
  Object.fromEntries(
    secret
      .reveal()
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [name.trim(), decodeURIComponent(value.join('=').trim())];
      }),
  );

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

function byteSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})\s?(MB|GB|TB)$/i.exec(text) ?? [];
  const bytes = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (!(bytes > 0)) throw new Error('expected a size such as 500MB or 16GB');
  return bytes;
}

function databaseName(text: string): string {
  if (!/^[A-Za-z_]\w{0,62}$/.test(text))
    throw new Error('expected letters, digits and underscores');
  return text;
}

function onOff(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new Error('expected on or off');
  return text === 'on';
}

const MIN_SECRET = 32;

function secretKey(text: string): Secret | undefined {
  if (text === '') return undefined;
  if (text.length < MIN_SECRET || /\s/.test(text))
    throw new Error(
      `expected at least ${MIN_SECRET} characters without spaces: openssl rand -hex 32`,
    );
  return new Secret(text);
}

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

function originList(text: string): readonly string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  for (const origin of origins)
    if (origin !== '*' && origin !== 'loopback' && !isOrigin(origin))
      throw new Error('expected loopback, * or origins as https://app.example.com, with commas');
  return origins;
}

/** Every setting: a flag and a variable. The flag wins, then the variable, then the default. */
export const OPTIONS = {
  listen: {
    env: 'COLLOQUY_LISTEN',
    default: '127.0.0.1:4318',
    value: 'host:port',
    help: 'OTLP/HTTP and the query API; port 0 lets the system choose.',
    parse: address,
  },
  'grpc-listen': {
    env: 'COLLOQUY_GRPC_LISTEN',
    default: '127.0.0.1:4317',
    value: 'host:port',
    help: 'OTLP/gRPC, or off.',
    parse: (text: string) => (text === 'off' ? undefined : address(text)),
  },
  'cors-origins': {
    env: 'COLLOQUY_CORS_ORIGINS',
    default: 'loopback',
    value: 'list',
    help: 'Origins of web pages that may send and read: loopback, https://app.example.com, or *.',
    parse: originList,
  },
  'bootstrap-key': {
    env: 'COLLOQUY_BOOTSTRAP_KEY',
    default: '',
    value: 'text',
    help: 'A key to all projects, to make others with; better given as a variable.',
    parse: secretKey,
  },
  'tls-cert': {
    env: 'COLLOQUY_TLS_CERT',
    default: '',
    value: 'file',
    help: 'Certificate chain in PEM: HTTPS, and gRPC over TLS. Read again on SIGHUP.',
    parse: (text: string) => (text === '' ? undefined : text),
  },
  'tls-key': {
    env: 'COLLOQUY_TLS_KEY',
    default: '',
    value: 'file',
    help: 'Private key of --tls-cert, in PEM.',
    parse: (text: string) => (text === '' ? undefined : text),
  },
  'data-dir': {
    env: 'COLLOQUY_DATA_DIR',
    default: './.colloquy',
    value: 'folder',
    help: 'Where the spool and the embedded ClickHouse keep their data.',
    parse: (text: string) => text,
  },
  'spool-max-size': {
    env: 'COLLOQUY_SPOOL_MAX_SIZE',
    default: '16GB',
    value: 'size',
    help: 'How much may wait on disk for ClickHouse, as 500MB or 16GB; senders are told to wait then.',
    parse: byteSize,
  },
  'clickhouse-http-port': {
    env: 'COLLOQUY_CLICKHOUSE_HTTP_PORT',
    default: '8123',
    value: 'port',
    help: 'HTTP port of the embedded ClickHouse; the next free one when busy.',
    parse: port,
  },
  'clickhouse-tcp-port': {
    env: 'COLLOQUY_CLICKHOUSE_TCP_PORT',
    default: '9000',
    value: 'port',
    help: 'Native port of the embedded ClickHouse; the next free one when busy.',
    parse: port,
  },
  'clickhouse-url': {
    env: 'COLLOQUY_CLICKHOUSE_URL',
    default: '',
    value: 'url',
    help: 'Use this ClickHouse and start none.',
    parse: httpUrl,
  },
  'clickhouse-user': {
    env: 'COLLOQUY_CLICKHOUSE_USER',
    default: 'default',
    value: 'name',
    help: 'User for --clickhouse-url.',
    parse: (text: string) => text,
  },
  'clickhouse-password': {
    env: 'COLLOQUY_CLICKHOUSE_PASSWORD',
    default: '',
    value: 'text',
    help: 'Password for --clickhouse-url; better given as a variable.',
    parse: (text: string) => new Secret(text),
  },
  'clickhouse-database': {
    env: 'COLLOQUY_CLICKHOUSE_DATABASE',
    default: 'colloquy',
    value: 'name',
    help: 'Database, made at start if missing.',
    parse: databaseName,
  },
  'forward-url': {
    env: 'COLLOQUY_FORWARD_URL',
    default: '',
    value: 'url',
    help: 'Pass on what is received to this OTLP/HTTP backend too, as it came.',
    parse: httpUrl,
  },
  'forward-headers': {
    env: 'COLLOQUY_FORWARD_HEADERS',
    default: '',
    value: 'list',
    help: 'Headers for --forward-url as name=value, with commas; better given as a variable.',
    parse: secretHeaders,
  },
  'own-traces-url': {
    env: 'COLLOQUY_OWN_TRACES_URL',
    default: '',
    value: 'url',
    help: 'Send spans about the work of the collector itself to this OTLP/HTTP backend.',
    parse: httpUrl,
  },
  'own-traces-headers': {
    env: 'COLLOQUY_OWN_TRACES_HEADERS',
    default: '',
    value: 'list',
    help: 'Headers for --own-traces-url as name=value, with commas; better given as a variable.',
    parse: secretHeaders,
  },
  'infer-threads': {
    env: 'COLLOQUY_INFER_THREADS',
    default: 'on',
    value: 'on|off',
    help: 'Whether traces without a thread id are joined to the conversation they go on from.',
    parse: onOff,
  },
  prices: {
    env: 'COLLOQUY_PRICES',
    default: '',
    value: 'file',
    help: 'JSON of own prices by model, in US dollars for a million tokens.',
    parse: (text: string) => (text === '' ? undefined : text),
  },
} as const satisfies Record<string, Option<unknown>>;

export type Config = {
  readonly [K in keyof typeof OPTIONS]: ReturnType<(typeof OPTIONS)[K]['parse']>;
};

/** Settings that no error may repeat. */
const SECRETS: ReadonlySet<keyof Config> = new Set([
  'bootstrap-key',
  'clickhouse-password',
  'forward-headers',
  'own-traces-headers',
]);

const ENTRIES = Object.entries(OPTIONS) as readonly (readonly [keyof Config, Option<unknown>])[];

/** The table of settings as `--help` shows it. */
export function describeOptions(): string {
  const width = Math.max(...ENTRIES.map(([flag, { value }]) => flag.length + value.length)) + 5;
  return ENTRIES.map(([flag, { env, default: fallback, value, help }]) => {
    const left = `  --${flag} <${value}>`.padEnd(width + 4);
    return `${left}${help}\n${' '.repeat(width + 4)}${env}${fallback === '' ? '' : `, default ${fallback}`}`;
  }).join('\n');
}

function parseFlags(
  argv: readonly string[],
): Readonly<Record<string, string | boolean | undefined>> {
  const strings = Object.fromEntries(ENTRIES.map(([flag]) => [flag, { type: 'string' } as const]));
  try {
    return parseArgs({ args: [...argv], options: strings, strict: true, allowPositionals: false })
      .values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ColloquyError('STARTUP_FAILED', `${reason} Try --help.`, { cause: error });
  }
}

/**
 * Reads the settings.
 * @throws ColloquyError `STARTUP_FAILED` naming the setting, its value and what was expected
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const flags = parseFlags(argv);
  const entries = ENTRIES.map(([flag, option]) => {
    const given = flags[flag] ?? env[option.env];
    const text = typeof given === 'string' && given !== '' ? given : option.default;
    try {
      return [flag, option.parse(text)];
    } catch (error) {
      const name = flags[flag] === undefined ? option.env : `--${flag}`;
      const expected = error instanceof Error ? error.message : '';
      const shown = SECRETS.has(flag) ? 'not right' : `"${text}"`;
      throw new ColloquyError('STARTUP_FAILED', `${name} is ${shown}: ${expected}.`, {
        cause: error,
      });
    }
  });
  return Object.fromEntries(entries) as Config;
}
