import {
  messageListShape,
  threadDetailShape,
  type MessageAnswer,
  type ThreadDetailAnswer,
} from '@colloquy/schema';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { readConfig } from '../config.js';
import { startService, type Service } from '../service.js';
import { findChromium } from './testing/chromium.js';
import { servePage, type PageServer } from './testing/page-server.js';
import { createDataDir } from '../store/testing/data-dir.js';
import { settled } from '../store/testing/settled.js';

const dataDir = createDataDir();
/** In the page. */
declare const colloquy: typeof import('@colloquy/browser');

const executablePath = findChromium();
const reports: string[] = [];
let service: Service;
let app: PageServer;
let foreign: PageServer;
let browser: Browser;

function startCollector(listen: string): Promise<Service> {
  const { url, username, password } = inject('clickhouse');
  const flags = ['--listen', listen, '--grpc-listen', 'off', '--cors-origins', app.origin];
  const config = readConfig(flags, {
    COLLOQUY_DATA_DIR: dataDir,
    COLLOQUY_CLICKHOUSE_URL: url,
    COLLOQUY_CLICKHOUSE_USER: username,
    COLLOQUY_CLICKHOUSE_PASSWORD: password,
    COLLOQUY_CLICKHOUSE_DATABASE: 'browser_sdk',
  });
  return startService(config, (message) => reports.push(message));
}

interface Told {
  readonly thread: ThreadDetailAnswer;
  readonly messages: readonly MessageAnswer[];
}

async function ask(path: string): Promise<unknown> {
  const response = await fetch(`${service.httpUrl}/api/v1${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

const read = async (threadId: string): Promise<Told> => ({
  thread: threadDetailShape.parse(await ask(`/threads/${threadId}`)),
  messages: messageListShape.parse(await ask(`/threads/${threadId}/messages`)).messages,
});

const textsOf = ({ messages }: Told): readonly unknown[] =>
  messages.flatMap(({ parts }) =>
    parts.map((part) => (part.type === 'text' ? part.content : part)),
  );

/** What the API tells of a thread once it tells as many messages. */
const readOnce = (threadId: string, count: number): Promise<Told> =>
  vi.waitFor(
    async () => {
      const told = await read(threadId);
      expect(told.messages).toHaveLength(count);
      return told;
    },
    { timeout: 10_000, interval: 50 },
  );

/** Opens the page, in a profile of its own where none is given. */
async function open(page?: Page, { origin } = app): Promise<Page> {
  const opened = page ?? (await (await browser.newContext()).newPage());
  await opened.goto(origin);
  await opened.evaluate((url) => {
    colloquy.initColloquy({ url, publicKey: 'pk-test', serviceName: 'shop' });
  }, service.httpUrl);
  return opened;
}

const say = (page: Page, threadId: string, ...texts: readonly string[]): Promise<void> =>
  page.evaluate(
    ([id, contents]) => {
      const thread = colloquy.openThread({ id });
      for (const content of contents) thread.trackMessage({ role: 'user', content });
    },
    [threadId, texts] as const,
  );

/** Sends what waits in a page; resolves when that has succeeded or failed. */
const flush = (page: Page): Promise<void> =>
  page.evaluate(() => colloquy.initColloquy({ url: '', publicKey: '' }).flush());

describe.skipIf(executablePath === undefined)('a page in Chromium, at another origin', () => {
  beforeAll(async () => {
    [app, foreign] = await Promise.all([servePage(), servePage()]);
    service = await startCollector('127.0.0.1:0');
    browser = await chromium.launch({ executablePath: executablePath ?? '' });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([service.stop(), app.stop(), foreign.stop()]);
  });

  test('reports messages, events and feedback', async () => {
    const page = await open();
    const messageId = await page.evaluate(async () => {
      const thread = colloquy.openThread({ id: 'shop', userId: 'ada', tags: ['vip'] });
      thread.trackMessage({ role: 'user', content: 'Where is my order?' });
      const id = thread.trackMessage({ role: 'assistant', content: 'On its way.' });
      thread.trackEvent('open-document', { documentName: 'order.pdf' });
      colloquy.trackFeedback(id, { thumb: 'up', comment: 'Quick' });
      await colloquy.initColloquy({ url: '', publicKey: '' }).flush();
      return id;
    });
    const told = await readOnce('shop', 2);
    expect(textsOf(told)).toEqual(['Where is my order?', 'On its way.']);
    expect(told.messages[1]).toMatchObject({
      tracked_id: messageId,
      feedback: [{ values: { thumb: 'up', comment: 'Quick' } }],
    });
    expect(told.thread).toMatchObject({
      tags: ['vip'],
      user_ids: ['ada'],
      events: [{ name: 'open-document', metadata: { documentName: 'order.pdf' } }],
    });
  });

  test('judges a message of which it knows the id alone, and takes it back', async () => {
    const page = await open();
    await page.evaluate(() => {
      const thread = colloquy.openThread({ id: 'judged' });
      thread.trackMessage({ role: 'assistant', content: 'So so', id: 'so-so' });
    });
    await flush(page);
    await open(page);
    const judge = async (thumb: 'down' | null): Promise<unknown> => {
      await page.evaluate((given) => colloquy.trackFeedback('so-so', { thumb: given }), thumb);
      await flush(page);
      return (await readOnce('judged', 1)).messages[0]?.feedback;
    };
    expect(await judge('down')).toMatchObject([{ values: { thumb: 'down' } }]);
    expect(await judge(null)).toEqual([]);
  });

  test('can read the query API', async () => {
    const page = await open();
    await say(page, 'read-back', 'Hello');
    await flush(page);
    await settled(service.httpUrl);
    const thread = await page.evaluate(async (url) => {
      const headers = { Authorization: 'Bearer pk-test' };
      const response = await fetch(`${url}/api/v1/threads/read-back`, { headers });
      return response.json();
    }, service.httpUrl);
    expect(thread).toMatchObject({ thread_id: 'read-back', message_count: 1 });
  });

  test('is kept out where its origin is not among those that are let in', async () => {
    const page = await open(undefined, foreign);
    await say(page, 'foreign', 'Let me in');
    await flush(page);
    const answer = await page.evaluate(
      (url) =>
        fetch(`${url}/api/v1/threads`).then(
          () => 'read',
          () => 'refused',
        ),
      service.httpUrl,
    );
    expect(answer).toBe('refused');
    await settled(service.httpUrl);
    expect((await fetch(`${service.httpUrl}/api/v1/threads/foreign`)).status).toBe(404);
  });

  test('delivers what waits when it is left', async () => {
    const page = await open();
    await page.evaluate(async (url) => {
      // What is kept for the next page is not to help here.
      await colloquy.initColloquy({ url: '', publicKey: '' }).shutdown();
      colloquy.initColloquy({ url, publicKey: 'pk-test', persist: false });
    }, service.httpUrl);
    await say(page, 'left', 'Bye');
    await page.goto('about:blank');
    expect(textsOf(await readOnce('left', 1))).toEqual(['Bye']);
  });

  test('delivers what waits when it is hidden', async () => {
    const page = await (await browser.newContext()).newPage();
    // Nothing is sent by itself: phones may stop a hidden page at once.
    await page.addInitScript('globalThis.setTimeout = () => 0');
    await open(page);
    await say(page, 'hidden', 'Later');
    // Playwright keeps every page visible.
    await page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
    expect(textsOf(await readOnce('hidden', 1))).toEqual(['Later']);
  });

  test('says nothing twice, though the next page cannot know what has arrived', async () => {
    const page = await open();
    await page.evaluate(() => colloquy.openThread({ id: 'once' }).trackEvent('clicked'));
    await say(page, 'once', 'One', 'Two');
    await page.goto('about:blank');
    await readOnce('once', 2);
    await open(page);
    await say(page, 'once', 'Three');
    const resent = page.waitForRequest('**/v1/traces');
    await flush(page);
    expect((await resent).postData()).toContain('clicked');
    const told = await readOnce('once', 3);
    expect(textsOf(told)).toEqual(['One', 'Two', 'Three']);
    expect(told.thread.events).toHaveLength(1);
  });

  test('leaves to the next page what can neither be sent nor outlive it', async () => {
    const page = await open();
    const texts = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(5_000)}`);
    await page.route('**/v1/traces', () => undefined);
    await say(page, 'long', ...texts);
    await page.close();
    const next = await open(await page.context().newPage());
    await flush(next);
    expect(textsOf(await readOnce('long', texts.length))).toEqual(texts);
  });

  test('sends what was said offline once it is online', async () => {
    const page = await open();
    await page.context().setOffline(true);
    await say(page, 'offline', 'Anyone?');
    await flush(page);
    await page.context().setOffline(false);
    expect(textsOf(await readOnce('offline', 1))).toEqual(['Anyone?']);
  });

  test('sends what was said while the collector was down, after a reload too', async () => {
    const [stays, reloads] = await Promise.all([open(), open()]);
    await service.stop();
    await say(stays, 'stays', 'One');
    await say(reloads, 'reloads', 'Two');
    await Promise.all([flush(stays), flush(reloads)]);
    await open(reloads);
    service = await startCollector(new URL(service.httpUrl).host);
    expect(textsOf(await readOnce('stays', 1))).toEqual(['One']);
    expect(textsOf(await readOnce('reloads', 1))).toEqual(['Two']);
  });

  test('nothing went wrong in the background', () => {
    expect(reports).toEqual([]);
  });
});
