import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createOtlpApp } from './app.js';
import { BodyMemory } from './body-memory.js';
import { OtlpCounters } from './counters.js';
import { RecordingIntake } from './recording-intake.js';
import { jsonTraces, spanJson } from './sample-requests.js';

const body = jsonTraces([spanJson({ name: 'x'.repeat(100_000) })]);

/** An app whose intake keeps requests waiting until it is told otherwise. */
function createApp(maxBytes: number) {
  const intake = new RecordingIntake();
  const held: (() => void)[] = [];
  intake.accept = () => new Promise<void>((resume) => held.push(resume));
  const memory = new BodyMemory(maxBytes);
  const app = createOtlpApp({ intake, counters: new OtlpCounters(), memory });
  const post = async (bytes: Buffer, encoding = 'identity'): Promise<Response> =>
    app.request('/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: new Uint8Array(bytes),
    });
  return { post, held };
}

test.each([
  ['as they are', body, 'identity'],
  ['compressed', gzipSync(body), 'gzip'],
])('requests that are held have to fit into memory together: %s', async (_, bytes, encoding) => {
  const { post, held } = createApp(1.5 * body.length);
  const first = post(bytes, encoding);
  await expect.poll(() => held.length).toBe(1);
  const second = await post(bytes, encoding);
  expect(second.status).toBe(429);
  expect(second.headers.get('retry-after')).toBe('2');
  held.pop()?.();
  expect((await first).status).toBe(200);
  const third = post(bytes, encoding);
  await expect.poll(() => held.length).toBe(1);
  held.pop()?.();
  expect((await third).status).toBe(200);
});

test('many bodies are decompressed one after the other', async () => {
  const memory = new BodyMemory();
  let running = 0;
  let most = 0;
  const decompress = async (): Promise<Buffer> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    return Buffer.alloc(1);
  };
  const work = Array.from({ length: 50 }, async (_, index) =>
    memory.lease().decompress(async () => {
      const bytes = await decompress();
      // One that cannot be decompressed makes room as well.
      if (index % 3 === 0) throw new Error('damaged');
      return bytes;
    }),
  );
  const results = await Promise.allSettled(work);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(33);
  expect(most).toBe(4);
});
