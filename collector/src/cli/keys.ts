import { parseArgs } from 'node:util';
import { createdKeyShape, type KeyAnswer, keyListShape } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';
import { readDuration } from './read-duration.js';
import { renderTable } from './render-table.js';

export const KEYS_USAGE = `Makes, lists and revokes keys. Once there is one, every request needs one.

Usage: colloquy keys create --name <name> --scope <scopes> [options]
       colloquy keys list [--json]
       colloquy keys revoke <key id>

  --name <name>                 What the key is for
  --scope <scopes>              With commas: ingest (send telemetry from servers), public-ingest (send it
                                from web pages; needs --origin), read (ask), write (change), admin (all,
                                and the keys of the project)
  --project <id>                Its project; left out, all projects, which takes --scope admin alone
  --origin <origin>             A web page's that may use it, as https://app.example.com; can be repeated
  --expires <time>              After how long it ends: 90d, 12h, 30m
  --requests-per-second <n>     More are answered with 429
  --bytes-per-second <n>        Of bodies, decompressed; more are answered with 429
  --max-body-bytes <n>          A larger body is answered with 413
  --url <url>                   The collector to ask, default ${DEFAULT_URL}
  --json                        The answer as JSON

The first key has to be one to all projects: --scope admin without --project. From then on these commands
take such a key, or one with the scope admin, in COLLOQUY_API_KEY.
`;

const OPTIONS = {
  url: { type: 'string', default: DEFAULT_URL },
  json: { type: 'boolean', default: false },
  name: { type: 'string' },
  scope: { type: 'string', multiple: true },
  project: { type: 'string' },
  origin: { type: 'string', multiple: true },
  expires: { type: 'string' },
  'requests-per-second': { type: 'string' },
  'bytes-per-second': { type: 'string' },
  'max-body-bytes': { type: 'string' },
} as const;

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });

type Values = ReturnType<typeof parse>['values'];
type LimitFlag = 'requests-per-second' | 'bytes-per-second' | 'max-body-bytes';

const listOf = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.split(',')).map((text) => text.trim());

function readLimit(values: Values, flag: LimitFlag): number | null {
  const text = values[flag];
  if (text === undefined) return null;
  if (Number(text) > 0) return Number(text);
  throw new ColloquyError('STARTUP_FAILED', `--${flag} is "${text}": expected a number above 0.`);
}

function requestOf(values: Values): object {
  const { name, scope = [], project, origin = [], expires } = values;
  if (name === undefined || scope.length === 0)
    throw new ColloquyError('STARTUP_FAILED', 'Give --name and --scope. Try --help.');
  const lifeMs = expires === undefined ? undefined : readDuration('--expires', expires);
  return {
    name,
    project_id: project ?? null,
    scopes: listOf(scope),
    origins: listOf(origin),
    expires_at: lifeMs === undefined ? null : new Date(Date.now() + lifeMs).toISOString(),
    requests_per_second: readLimit(values, 'requests-per-second'),
    bytes_per_second: readLimit(values, 'bytes-per-second'),
    max_body_bytes: readLimit(values, 'max-body-bytes'),
  };
}

async function create(values: Values): Promise<string> {
  const response = await askCollector(values.url, '/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(values)),
  });
  const made = createdKeyShape.parse(await response.json());
  if (values.json) return JSON.stringify(made, undefined, 2);
  return [
    `Key ${made.key_id} to ${projectOf(made)} with ${made.scopes.join(', ')}. It is shown this once:`,
    '',
    `  ${made.key}`,
    '',
    made.scopes.includes('admin')
      ? 'Set COLLOQUY_API_KEY to it for this and other commands.'
      : 'Send it as "Authorization: Bearer <key>", or with OTEL_EXPORTER_OTLP_HEADERS=x-api-key=<key>.',
  ].join('\n');
}

const projectOf = ({ project_id }: KeyAnswer): string =>
  project_id === null ? 'all projects' : `project ${project_id}`;

function stateOf({ revoked_at, expires_at }: KeyAnswer): string {
  if (revoked_at !== null) return `revoked ${revoked_at.slice(0, 10)}`;
  if (expires_at === null) return 'in force';
  const day = expires_at.slice(0, 10);
  return Date.parse(expires_at) > Date.now() ? `until ${day}` : `expired ${day}`;
}

async function list({ url, json }: Values): Promise<string> {
  const answer = keyListShape.parse(await (await askCollector(url, '/keys')).json());
  if (json) return JSON.stringify(answer, undefined, 2);
  if (answer.keys.length === 0) return 'There are no keys.';
  return renderTable(
    ['KEY ID', 'NAME', 'PROJECT', 'SCOPES', 'STATE', 'LAST USED'],
    answer.keys.map((key) => [
      key.key_id,
      key.name,
      key.project_id ?? '(all)',
      key.scopes.join(','),
      stateOf(key),
      key.last_used_at?.slice(0, 16).replace('T', ' ') ?? 'never',
    ]),
  );
}

async function revoke({ url }: Values, keyId: string | undefined): Promise<string> {
  if (keyId === undefined)
    throw new ColloquyError('STARTUP_FAILED', 'Name the key: colloquy keys revoke <key id>.');
  await askCollector(url, `/keys/${encodeURIComponent(keyId)}`, { method: 'DELETE' });
  return `Key ${keyId} is revoked.`;
}

/**
 * Asks a running collector to make, list or revoke keys, and prints what it answers.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, or it refuses
 */
export async function keys(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const [verb, keyId] = positionals;
  const actions: Readonly<Record<string, () => Promise<string>>> = {
    create: () => create(values),
    list: () => list(values),
    revoke: () => revoke(values, keyId),
  };
  const action = verb !== undefined && Object.hasOwn(actions, verb) ? actions[verb] : undefined;
  if (action === undefined)
    throw new ColloquyError('STARTUP_FAILED', 'Say create, list or revoke. Try --help.');
  console.log(await action());
  return 0;
}
