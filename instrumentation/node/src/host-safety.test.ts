import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runApp } from './testing/run-app.js';

// Processes start slowly where many run.
vi.setConfig({ testTimeout: 60_000 });

/** As the README says, and what a busy machine adds. */
const MAX_END_MS = 3_000 + 2_000;
/** A call that waited for an exporter would wait for its timeout: ten seconds. */
const MAX_CALL_MS = 2_000;
const CALLS = 100;

const APP = `
  import OpenAI from 'openai';
  import { openThread } from '@colloquy/threads';
  const client = new OpenAI({ baseURL: process.env.PROVIDER, apiKey: 'k', maxRetries: 0 });
  const messages = [{ role: 'user', content: 'Hello?' }];
  const said = new Set();
  let slowest = 0;
  for (let index = 0; index < ${CALLS}; index += 1) {
    const start = performance.now();
    openThread().trackMessage(messages[0]);
    const answer = await client.chat.completions.create({ model: 'm', messages });
    said.add(answer.choices[0].message.content);
    slowest = Math.max(slowest, performance.now() - start);
  }
  console.log(JSON.stringify({ said: [...said], slowest }));
`;

const WAITING_APP = `${APP} setInterval(() => undefined, 1_000);`;

let provider: FakeProvider;
let hanging: Server;
const sockets = new Set<Socket>();
const collectors: Record<string, string> = {};

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

async function listen(server: Server): Promise<Server> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

beforeAll(async () => {
  provider = await startFakeProvider();
  // Accepts, reads nothing and never answers.
  hanging = await listen(createServer((socket) => void sockets.add(socket)));
  const gone = await listen(createServer());
  collectors['is down'] = urlOf(gone);
  collectors['hangs'] = urlOf(hanging);
  gone.close();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  hanging.close();
  await provider.stop();
});

describe.each(['is down', 'hangs'])('an application whose collector %s', (name) => {
  const env = (): NodeJS.ProcessEnv => ({
    PROVIDER: `${provider.url}/v1`,
    COLLOQUY_ENDPOINT: collectors[name],
    // So that it is exported while calls are made.
    OTEL_BSP_SCHEDULE_DELAY: '20',
  });

  test.each([
    ['that has no more to do', APP, undefined, 0],
    ['that is told to end', WAITING_APP, 'SIGTERM', 'SIGTERM'],
  ] as const)('%s works and ends as ever', async (_case, program, signal, ending) => {
    const ended = await runApp(program, { env: env(), ...(signal && { signal }) });
    const { said, slowest } = JSON.parse(ended.stdout) as { said: unknown; slowest: number };
    expect(said).toEqual(['You said: Hello?']);
    expect(slowest).toBeLessThan(MAX_CALL_MS);
    expect(ended.ending).toBe(ending);
    expect(ended.endedAfterMs).toBeLessThan(MAX_END_MS);
    expect(ended.stderr.split('\n').filter((line) => line !== '').length).toBeLessThan(2);
  });
});

test('the collector that hangs was asked', () => {
  expect(sockets.size).toBeGreaterThan(0);
});
