import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Outbox, type OutboxOptions } from './outbox.js';
import { SavedItems, type Storage } from './saved-items.js';
import { createStorage } from './testing/memory-storage.js';
import { startReceiver, type Answer, type Receiver } from './testing/receiver.js';

const stops: (() => unknown)[] = [];
const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);

beforeEach(() => warn.mockClear());
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function receive(answers: readonly Answer[] = [], port = 0): Promise<Receiver> {
  const receiver = await startReceiver(answers, port);
  stops.push(() => receiver.stop());
  return receiver;
}

function open(url: string, options: Partial<OutboxOptions> = {}): Outbox {
  const outbox = new Outbox({
    url: `${url}/v1/traces`,
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer pk' },
    envelope: ['{"resourceSpans":[{"scopeSpans":[', ']}]}'],
    ...options,
  });
  stops.unshift(() => outbox.stop());
  return outbox;
}

const span = (name: string, note = ''): string => JSON.stringify({ spans: [{ name, note }] });
const savedIn = (storage: Storage, pageId: string): SavedItems =>
  new SavedItems(storage, 'colloquy ', pageId);

/** A port that nobody listens at; until somebody does. */
async function freePort(): Promise<{ readonly url: string; readonly port: number }> {
  const receiver = await startReceiver();
  await receiver.stop();
  return { url: receiver.url, port: Number(new URL(receiver.url).port) };
}

describe('what is added', () => {
  test('is sent by itself after a moment, together', async () => {
    const receiver = await receive();
    const outbox = open(receiver.url);
    outbox.add(span('a'));
    outbox.add(span('b'));
    await vi.waitFor(() => expect(receiver.names()).toEqual(['a', 'b']), { timeout: 3_000 });
    expect(receiver.received).toMatchObject([
      { method: 'POST', path: '/v1/traces', headers: { authorization: 'Bearer pk' } },
    ]);
  });

  test('is sent in requests of which two may outlive a page, in order', async () => {
    const receiver = await receive();
    const outbox = open(receiver.url);
    const names = Array.from({ length: 50 }, (_, index) => String(index));
    for (const name of names) outbox.add(span(name, 'ä'.repeat(1_000)));
    await outbox.flush();
    expect(receiver.names()).toEqual(names);
    expect(receiver.received.length).toBeGreaterThan(2);
    for (const { body } of receiver.received)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(32_768);
  });

  test('is sent though it is bigger than a request should be', async () => {
    const receiver = await receive();
    const outbox = open(receiver.url);
    outbox.add(span('big', 'x'.repeat(100_000)));
    await outbox.flush();
    expect(receiver.names()).toEqual(['big']);
  });
});

describe('a collector that does not take it', () => {
  test.each([429, 502, 503, 504])('is asked again after %i', async (status) => {
    const receiver = await receive([{ status }]);
    const outbox = open(receiver.url);
    outbox.add(span('a'));
    await outbox.flush();
    expect(receiver.names()).toEqual([]);
    await vi.waitFor(() => expect(receiver.names()).toEqual(['a']), { timeout: 3_000 });
    expect(outbox.dropped).toBe(0);
  });

  test('is asked again no sooner than it wants', async () => {
    const receiver = await receive([{ status: 503, headers: { 'retry-after': '2' } }]);
    const outbox = open(receiver.url);
    outbox.add(span('a'));
    await outbox.flush();
    outbox.add(span('b'));
    await vi.waitFor(() => expect(receiver.names()).toEqual(['a', 'b']), { timeout: 5_000 });
    const [first, second] = receiver.received;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(1_900);
  });

  test('is not asked again where it refuses for good, and the developer is told once', async () => {
    const receiver = await receive([{ status: 403 }, { status: 403 }]);
    const outbox = open(receiver.url);
    outbox.add(span('a'));
    await outbox.flush();
    outbox.add(span('b'));
    await outbox.flush();
    outbox.add(span('c'));
    await outbox.flush();
    expect(receiver.names()).toEqual(['c']);
    expect(outbox.dropped).toBe(2);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('refuses them with 403')]]);
  });

  test('gets all, in order, once it is there', async () => {
    const { url, port } = await freePort();
    const outbox = open(url);
    outbox.add(span('a'));
    await outbox.flush();
    outbox.add(span('b'));
    const receiver = await receive([], port);
    await vi.waitFor(() => expect(receiver.names()).toEqual(['a', 'b']), { timeout: 5_000 });
  });

  test('costs no more memory than is allowed: the oldest are dropped and counted', async () => {
    const { url, port } = await freePort();
    const outbox = open(url, { bounds: { maxItems: 3, maxBytes: 1_000_000 } });
    for (const name of ['a', 'b', 'c', 'd']) outbox.add(span(name));
    await outbox.flush();
    outbox.add(span('e'));
    expect(outbox.dropped).toBe(2);
    const receiver = await receive([], port);
    await outbox.flush();
    expect(receiver.names()).toEqual(['c', 'd', 'e']);
  });
});

describe('a page that comes next', () => {
  test('sends what the one before could not', async () => {
    const storage = createStorage();
    const { url, port } = await freePort();
    const before = open(url, { saved: savedIn(storage, '1') });
    before.add(span('a'));
    await before.flush();
    before.stop();
    const receiver = await receive([], port);
    await open(url, { saved: savedIn(storage, '2') }).flush();
    expect(receiver.names()).toEqual(['a']);
    await open(url, { saved: savedIn(storage, '3') }).flush();
    expect(receiver.names()).toEqual(['a']);
  });

  test('finds what had no time to be sent when the page was left', async () => {
    const storage = createStorage();
    const { url, port } = await freePort();
    const before = open(url, { saved: savedIn(storage, '1') });
    before.add(span('a'));
    before.leave();
    const receiver = await receive([], port);
    await open(url, { saved: savedIn(storage, '2') }).flush();
    expect(receiver.names()).toContain('a');
  });

  test('finds nothing that has arrived', async () => {
    const storage = createStorage();
    const receiver = await receive();
    const outbox = open(receiver.url, { saved: savedIn(storage, '1') });
    outbox.add(span('a'));
    outbox.leave();
    await vi.waitFor(() => expect(storage.length).toBe(0));
    expect(receiver.names()).toEqual(['a']);
  });

  test('is not troubled by what others have written there', async () => {
    const storage = createStorage();
    storage.setItem('colloquy 1', '{"not":"ours"}');
    storage.setItem('colloquy 2', 'broken');
    storage.setItem('app', 'keep');
    const receiver = await receive();
    const outbox = open(receiver.url, { saved: savedIn(storage, '3') });
    outbox.add(span('a'));
    await outbox.flush();
    expect(receiver.names()).toEqual(['a']);
    expect(storage.getItem('app')).toBe('keep');
  });

  test('finds the newest of more than may be kept', async () => {
    const storage = createStorage();
    const { url, port } = await freePort();
    const before = open(url, { saved: savedIn(storage, '1') });
    for (const name of ['a', 'b', 'c']) before.add(span(name, 'x'.repeat(400_000)));
    await before.flush();
    before.stop();
    const receiver = await receive([], port);
    await open(url, { saved: savedIn(storage, '2') }).flush();
    expect(receiver.names()).toEqual(['b', 'c']);
  });

  test('goes on in memory where there is no room', async () => {
    const { url, port } = await freePort();
    const outbox = open(url, { saved: savedIn(createStorage(10), '1') });
    outbox.add(span('a'));
    await outbox.flush();
    const receiver = await receive([], port);
    await outbox.flush();
    expect(receiver.names()).toEqual(['a']);
  });
});

test('what is sent when a page is left weighs no more than a browser lets through', async () => {
  const receiver = await receive();
  const sent = vi.spyOn(globalThis, 'fetch');
  const outbox = open(receiver.url);
  for (let index = 0; index < 31; index += 1) outbox.add(span(String(index), 'x'.repeat(1_000)));
  outbox.add(span('full', 'x'.repeat(31_000)));
  outbox.add(span('more', 'x'.repeat(31_000)));
  outbox.leave();
  const bytes = sent.mock.calls
    .filter(([, init]) => init?.keepalive === true)
    .map(([, init]) => Buffer.byteLength(init?.body as string));
  sent.mockRestore();
  expect(bytes.length).toBeGreaterThan(1);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(65_536);
  await outbox.flush();
  await vi.waitFor(() => expect(receiver.names()).toHaveLength(33));
});
