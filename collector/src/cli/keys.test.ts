import { keyListShape } from '@colloquy/schema';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestService, type TestService } from '../access/testing/locked-service.js';
import { doctor } from './doctor.js';
import { keys } from './keys.js';
import { projects } from './projects.js';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ env: {} });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await service.stop();
});

/** What a command prints. */
async function run(
  command: (argv: readonly string[]) => Promise<number>,
  ...argv: readonly string[]
): Promise<string> {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  try {
    await command([...argv, '--url', service.httpUrl]);
    return log.mock.calls.map(([line]) => String(line)).join('\n');
  } finally {
    log.mockRestore();
  }
}

const keyIn = (printed: string): string => /^ {2}(clq_\S+)$/m.exec(printed)?.[1] ?? '';

test('from the first key to the last', async () => {
  expect(await run(keys, 'list')).toBe('There are no keys.');
  await expect(
    run(keys, 'create', '--name', 'a', '--scope', 'ingest', '--project', 'default'),
  ).rejects.toThrow('The first key has to be one to all projects');
  const first = keyIn(await run(keys, 'create', '--name', 'me', '--scope', 'admin'));
  await expect(run(keys, 'list')).rejects.toThrow(/answers 401: .* Set COLLOQUY_API_KEY\.$/);
  vi.stubEnv('COLLOQUY_API_KEY', first);

  expect(await run(projects, 'create', 'shop', '--name', 'The shop')).toBe(
    'Project shop is there.',
  );
  await expect(run(projects, 'create', 'shop')).rejects.toThrow('answers 409');
  expect(await run(projects, 'list')).toMatch(
    /^PROJECT +NAME +MADE\ndefault.*\nshop +The shop +20/,
  );

  const scopes = ['--scope', 'ingest,read', '--project', 'shop', '--expires', '90d'];
  const limits = ['--requests-per-second', '50', '--max-body-bytes', '1000000'];
  const printed = await run(keys, 'create', '--name', 'api', ...scopes, ...limits);
  expect(printed).toContain('to project shop with ingest, read. It is shown this once:');
  const web = ['--scope', 'public-ingest', '--project', 'shop', '--origin', 'https://shop.example'];
  expect(keyIn(await run(keys, 'create', '--name', 'web', ...web))).toMatch(/^clq_pub_/);

  const { keys: listed } = keyListShape.parse(JSON.parse(await run(keys, 'list', '--json')));
  expect(listed.map(({ name }) => name).toSorted()).toEqual(['api', 'me', 'web']);
  const api = listed.find(({ name }) => name === 'api');
  expect(api).toMatchObject({ requests_per_second: 50, max_body_bytes: 1_000_000 });
  expect(Date.parse(api?.expires_at ?? '') - Date.now()).toBeGreaterThan(89 * 86_400_000);

  vi.stubEnv('COLLOQUY_API_KEY', keyIn(printed));
  expect(await run(doctor)).toMatch(/^Nothing to mend/);
  await expect(run(keys, 'list')).rejects.toThrow('answers 403');
  vi.stubEnv('COLLOQUY_API_KEY', first);
  expect(await run(keys, 'revoke', api?.key_id ?? '')).toBe(`Key ${api?.key_id} is revoked.`);
  expect(await run(keys, 'list')).toMatch(
    new RegExp(`${api?.key_id} +api +shop +ingest,read +revoked`),
  );
  await expect(run(keys, 'revoke', 'no-such-key')).rejects.toThrow('answers 404');
});

test.each([
  [['create', '--name', 'x'], 'Give --name and --scope'],
  [['create', '--name', 'x', '--scope', 'read', '--expires', '90'], 'such as 90d'],
  [['create', '--name', 'x', '--scope', 'read', '--max-body-bytes', 'big'], 'a number above 0'],
  [['revoke'], 'Name the key'],
  [['toString'], 'Say create, list or revoke'],
  [[], 'Say create, list or revoke'],
])('of %j it says what is wrong', async (argv, sentence) => {
  await expect(run(keys, ...argv)).rejects.toThrow(sentence);
});
