import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MaskingPreview, Message } from '@colloquy/schema';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { masking as command } from '../cli/masking.js';
import { readConfig } from '../config.js';
import { ID_FIELDS } from '../id-fields.js';
import { loadRecording } from '../recordings/load-recording.js';
import { startService, type Service } from '../service.js';
import { openClient, selectRows } from '../store/client.js';
import { ProjectSettings } from '../store/project-settings.js';
import { createDataDir } from '../store/testing/data-dir.js';
import { settled } from '../store/testing/settled.js';
import { Masking } from './masking.js';

const MAIL = 'joe.doe@example.com';
/** Stored before anything is masked. */
const EARLY = 'early@example.org';
const SECRETS = {
  email: MAIL,
  phone: '+49 170 1234567',
  card: '4111111111111111',
  iban: 'DE89370400440532013000',
  key: ['sk-', 'proj-abcDEF1234567890'].join(''),
  customer: 'K-123456',
};
const ALL = Object.values(SECRETS).join(' ; ');

const SETTINGS = {
  detectors: ['key', 'email', 'iban', 'card', 'phone'],
  patterns: [{ name: 'customer', pattern: String.raw`\bK-\d{6}\b` }],
};

const dataDir = createDataDir();
const UNHEARD = { onMasked: () => undefined, onError: () => undefined };

let service: Service;
const reports: string[] = [];

beforeAll(async () => {
  const { url, username, password } = inject('clickhouse');
  const config = readConfig(['--listen', '127.0.0.1:0', '--grpc-listen', 'off'], {
    COLLOQUY_DATA_DIR: dataDir,
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'masking',
  });
  service = await startService(config, (message) => reports.push(message));
});
afterAll(() => service.stop());

const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${service.httpUrl}/api/v1${path}`, init);

const put = (settings: unknown): Promise<Response> =>
  ask('/masking', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });

const preview = async (trial: unknown): Promise<MaskingPreview> => {
  const response = await ask('/masking/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(trial),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as MaskingPreview;
};

const said = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });

/** Sends model calls of one thread, each with the whole history, through the real exporter. */
async function chat(
  threadId: string,
  exchanges: readonly (readonly [string, string])[],
  attributes: Readonly<Record<string, string>> = { 'host.owner': ALL },
) {
  const exporter = new OTLPTraceExporter({ url: `${service.httpUrl}/v1/traces` });
  const tracing = new BasicTracerProvider({
    resource: resourceFromAttributes(attributes),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = tracing.getTracer('chat');
  const history: object[] = [];
  for (const [question, answer] of exchanges) {
    history.push(said('user', question));
    const span = tracer.startSpan('chat gpt-4o');
    span.setAttributes({
      'session.id': threadId,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 12_345_678,
      'gen_ai.input.messages': JSON.stringify(history),
      'gen_ai.output.messages': JSON.stringify([said('assistant', answer)]),
    });
    span.end();
    history.push(said('assistant', answer));
  }
  await tracing.shutdown();
}

/** A span and a log record with secrets wherever a text can be. */
async function sendSecrets() {
  const tracing = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'host.owner': ALL }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${service.httpUrl}/v1/traces` })),
    ],
  });
  const span = tracing.getTracer(`scope ${ALL}`, MAIL).startSpan(`mail to ${ALL}`);
  span.setAttributes({
    [`key of ${MAIL}`]: ALL,
    'input.value': JSON.stringify({
      card: 4_111_111_111_111_111,
      deep: JSON.stringify({ a: ALL }),
    }),
    'output.value': `{"escaped":"joe.doe\\u0040example.com"}`,
    card: 4_111_111_111_111_111,
    list: [ALL, 'nothing'],
  });
  span.addEvent(`event ${ALL}`, { told: ALL });
  span.addLink({ context: span.spanContext(), attributes: { linked: ALL } });
  span.recordException(new Error(ALL));
  span.setStatus({ code: 2, message: ALL });
  span.end();
  await tracing.shutdown();
  const logging = new LoggerProvider({
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: `${service.httpUrl}/v1/logs` }),
      }),
    ],
  });
  logging.getLogger('app').emit({
    severityNumber: SeverityNumber.INFO,
    severityText: MAIL,
    body: { message: ALL, list: [ALL] },
    attributes: { told: ALL, 'session.id': 'logged' },
  });
  await logging.shutdown();
}

/** All rows of all tables, as text. */
async function readEverything(): Promise<string> {
  const client = openClient(service.store);
  const tables = await selectRows<{ name: string }>(
    client,
    `SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree'`,
    { database: service.store.database },
  );
  const rows = await Promise.all(
    tables
      .filter(({ name }) => name !== 'project_settings')
      .map(({ name }) => selectRows<unknown>(client, `SELECT * FROM \`${name}\``, {})),
  );
  await client.close();
  return JSON.stringify(rows);
}

const waitForMessages = (threadId: string, count: number): Promise<readonly Message[]> =>
  vi.waitFor(
    async () => {
      const response = await ask(`/threads/${threadId}/messages`);
      const { messages } = (await response.json()) as { messages?: readonly Message[] };
      expect(messages).toHaveLength(count);
      return messages ?? [];
    },
    { timeout: 20_000, interval: 50 },
  );

const textsOf = (messages: readonly Message[]): readonly unknown[] =>
  messages.map(({ parts: [part] }) => (part?.type === 'text' ? part.content : part));

describe('before anything is set', () => {
  test('nothing is masked', async () => {
    expect(await (await ask('/masking')).json()).toEqual({
      settings: { detectors: [], patterns: [], replacement: 'pseudonym', ids: 'keep' },
      masked: {},
    });
    await chat('open', [[`Mail ${EARLY}`, 'Done.']], {});
    const messages = await waitForMessages('open', 2);
    expect(textsOf(messages)).toEqual([`Mail ${EARLY}`, 'Done.']);
  });

  test('a preview tells what settings would mask, and stores nothing', async () => {
    const found = await vi.waitFor(
      async () => {
        const answer = await preview({ settings: SETTINGS });
        expect(answer.messages_read).toBe(2);
        return answer;
      },
      { timeout: 20_000, interval: 50 },
    );
    expect(found).toMatchObject({
      messages_changed: 1,
      messages_left_out: 0,
      found: { email: 1 },
      examples: [{ found_by: 'email', thread_id: 'open', role: 'user', before: `Mail ${EARLY}` }],
    });
    expect(found.examples[0]?.after).toMatch(/^Mail \[EMAIL_[0-9a-f]{12}\]$/);
    expect((await preview({})).messages_changed).toBe(0);
    expect((await preview({ messages: 1 })).messages_read).toBe(1);
  });
});

test.each([
  [{ detectors: ['mail'] }, /detectors/],
  [{ patterns: [{ name: 'a b', pattern: 'x' }] }, /patterns/],
  [{ patterns: [{ name: 'email', pattern: 'x' }] }, /built-in/],
  [{ patterns: [{ name: 'a', pattern: '(?=x)' }] }, /pattern a: invalid or unsupported/],
  [{ paterns: [] }, /paterns/],
])('refuses %j', async (settings, reason) => {
  const response = await put(settings);
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(reason);
});

describe('once it is set', () => {
  beforeAll(async () => {
    await put(SETTINGS);
  });

  test('no table has a secret in it', async () => {
    await sendSecrets();
    await chat('planted', [[ALL, ALL]]);
    await settled(service.httpUrl);
    await waitForMessages('planted', 2);
    const rows = await readEverything();
    expect(rows).toContain(EARLY);
    expect(rows).toContain('[CUSTOMER_');
    for (const secret of [...Object.values(SECRETS), 'joe.doe']) expect(rows).not.toContain(secret);
    const told = (await (await ask('/masking')).json()) as { masked: object };
    expect(Object.keys(told.masked).toSorted()).toEqual(Object.keys(SECRETS).toSorted());
  });

  test('a thread comes out as it was held, masked', async () => {
    await chat('held', [
      [MAIL, MAIL],
      [`And ${SECRETS.customer}?`, `"${MAIL}",\nindeed`],
      ['Thanks', 'Welcome'],
    ]);
    const texts = textsOf(await waitForMessages('held', 6));
    const [mail] = texts;
    expect(mail).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
    expect(texts).toEqual([
      mail,
      mail,
      expect.stringMatching(/^And \[CUSTOMER_[0-9a-f]{12}\]\?$/),
      `"${String(mail)}",\nindeed`,
      'Thanks',
      'Welcome',
    ]);
    const thread = (await (await ask('/threads/held')).json()) as Record<string, unknown>;
    expect(thread).toMatchObject({ title: mail, message_count: 6 });
  });

  test('labels are masked alike, and a message of nothing else is still itself', async () => {
    await put({ ...SETTINGS, replacement: 'label' });
    await chat('labelled', [
      [MAIL, 'Who is that?'],
      ['A friend', MAIL],
      ['Thanks', 'Welcome'],
    ]);
    expect(textsOf(await waitForMessages('labelled', 6))).toEqual([
      '[EMAIL]',
      'Who is that?',
      'A friend',
      '[EMAIL]',
      'Thanks',
      'Welcome',
    ]);
    await put(SETTINGS);
  });

  test('all processes give the same pseudonyms', async () => {
    const client = openClient(service.store);
    const [span] = loadRecording('ai-v6').requests.flatMap(({ spans }) => spans);
    const spans = span === undefined ? [] : [{ ...span, name: MAIL }];
    const names = await Promise.all(
      [1, 2].map(async () => {
        const settings = new ProjectSettings(client, Date.now);
        const masking = new Masking({ settings, idFields: ID_FIELDS, ...UNHEARD });
        const batch = { projectId: 'default', bytes: 0, spans, logs: [] };
        return (await masking.mask(batch)).batch.spans.map(({ name }) => name);
      }),
    );
    expect(names[0]).toEqual([expect.stringMatching(/^\[EMAIL_[0-9a-f]{12}\]$/)]);
    expect(names[1]).toEqual(names[0]);
    await client.close();
  });

  test('the log tells nothing of it', () => {
    expect(reports.join()).not.toMatch(/example\.com|K-123456/);
  });
});

test('stores nothing while nobody knows what the project wants', async () => {
  const client = openClient({ ...service.store, url: 'http://127.0.0.1:1' });
  const settings = new ProjectSettings(client, Date.now);
  const masking = new Masking({ settings, idFields: ID_FIELDS, ...UNHEARD });
  const batch = { projectId: 'default', bytes: 0, spans: [], logs: [] };
  await expect(masking.mask(batch)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await client.close();
});

test('gives a batch back as it came where nothing is to be masked', async () => {
  const client = openClient(service.store);
  const settings = new ProjectSettings(client, Date.now);
  const masking = new Masking({ settings, idFields: ID_FIELDS, ...UNHEARD });
  const batch = { projectId: 'another', bytes: 0, spans: [], logs: [] };
  expect((await masking.mask(batch)).batch).toBe(batch);
  await client.close();
});

test('is set, shown and tried from the command line', async () => {
  const file = join(tmpdir(), `colloquy-masking-${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ detectors: ['email'] }));
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const printed = (): string => log.mock.calls.map(([line]) => String(line)).join('\n');
  try {
    expect(await command(['preview', file, '--url', service.httpUrl])).toBe(0);
    expect(printed()).toMatch(/^\d+ of \d+ messages would be changed: \d+ email\./);
    expect(await command(['set', file, '--url', service.httpUrl])).toBe(0);
    expect(await command(['show', '--url', service.httpUrl, '--json'])).toBe(0);
    expect(printed()).toContain('Masked since the collector started: ');
    await expect(command(['set', '/nowhere', '--url', service.httpUrl])).rejects.toThrow(
      'Settings cannot be read from /nowhere: ',
    );
    await expect(command(['hide'])).rejects.toThrow('Try --help.');
  } finally {
    log.mockRestore();
  }
});
