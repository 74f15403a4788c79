import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir, hostname } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { listen, startFakeProvider } from '@colloquy/fake-provider';
import { EMITTERS, EMITTER_NAMES, type EmitterName } from './emitters.js';
import { expectedConversation } from './expected.js';
import { SCENARIO } from './scenario.js';
import { spawnEmitter } from './spawn-emitter.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const USER_ID = 'user-1';

interface Recorded {
  readonly signal: string;
  readonly extension: 'json' | 'pb';
  readonly body: Buffer;
}

/** An OTLP receiver that accepts everything and keeps the bodies. */
async function startSink() {
  const recorded: Recorded[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const type = request.headers['content-type'] ?? '';
      const json = type.startsWith('application/json');
      const signal = (request.url ?? '').split('/').at(-1) ?? '';
      recorded.push({ signal, extension: json ? 'json' : 'pb', body });
      return response.writeHead(200, { 'content-type': type }).end(json ? '{}' : '');
    });
  });
  return {
    url: await listen(server),
    recorded,
    stop: () => server.close().closeAllConnections(),
  };
}

/** Records what one emitter sends into its own folder, with the conversation it stands for. */
async function record(emitter: EmitterName): Promise<void> {
  const provider = await startFakeProvider({ script: SCENARIO.turns, idPrefix: `${emitter}-` });
  const sink = await startSink();
  const threadId = `thread-of-${emitter}`;
  const urls = { otlpUrl: sink.url, providerUrl: provider.url };
  try {
    await spawnEmitter({ emitter, ...urls, threadId, userId: USER_ID });
  } finally {
    sink.stop();
    await provider.stop();
  }
  const folder = `${FIXTURES}${emitter}/`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [index, { signal, extension, body }] of sink.recorded.entries()) {
    assertNeutral(emitter, body);
    const number = String(index + 1).padStart(2, '0');
    await writeFile(`${folder}${number}-${signal}.${extension}`, body);
  }
  const messages = expectedConversation(SCENARIO, EMITTERS[emitter].traits);
  const expected = { threadId, userId: USER_ID, messages };
  await writeFile(`${folder}expected.json`, `${JSON.stringify(expected, null, 2)}\n`);
  console.log(`${emitter}: ${sink.recorded.length} requests`);
}

/** Recordings are published: they must not tell where they were made. */
function assertNeutral(emitter: EmitterName, body: Buffer): void {
  const found = [hostname(), homedir(), REPOSITORY].find(
    (text) => text.length > 1 && body.includes(text),
  );
  if (found !== undefined)
    throw new Error(`${emitter} recorded something of this machine: ${found}`);
}

const chosen = process.argv.slice(2);
for (const emitter of EMITTER_NAMES) {
  if (chosen.length === 0 || chosen.includes(emitter)) await record(emitter);
}
