import { encodeThreadId } from '@colloquy/schema';
import { createChatRequests, createLastTurnRequests } from './create-requests.js';
import { latencyFigures, type Figure } from './figures.js';
import type { BenchOptions, Measure } from './measurement.js';
import { startRecorder, type RecordedExport } from './record-requests.js';
import { sendRequests } from './send-requests.js';
import { SPAN_SHAPES } from './span-shapes.js';
import { spawnCollector } from './spawn-collector.js';
import type { ThreadPlan } from './synthetic-threads.js';
import { withTemporaryFolder } from './temporary-folder.js';
import { readPage, waitForTurns } from './wait-for-threads.js';

const IN_FLIGHT = 4;
const REPEATS = 60;
const PAGE = 50;
const REBUILD_TIMEOUT_MS = 300_000;
const MESSAGES_PER_TURN = 2;

/** Short messages: what a query costs hangs on how many there are. */
const SHORT = { messageSize: 200 };
/** Threads that are opened: a call for each turn, as they come from a chat service. */
const OPENED: readonly ThreadPlan[] = [
  { name: 'usual', threads: 40, turns: 20, ...SHORT },
  { name: 'long', threads: 4, turns: 100, ...SHORT },
];

/** Threads around them, each by one call with the whole history, so that filling takes seconds. */
function backgroundOf({ messages }: BenchOptions): ThreadPlan {
  const turns = 20;
  const missing = messages - turnsOf(OPENED) * MESSAGES_PER_TURN;
  const threads = Math.max(1, Math.ceil(missing / (turns * MESSAGES_PER_TURN)));
  return { name: 'background', threads, turns, ...SHORT };
}

const turnsOf = (plans: readonly ThreadPlan[]): number =>
  plans.reduce((sum, { threads, turns }) => sum + threads * turns, 0);

/** All requests of all threads, telling now and then how far it is. */
async function* createRequests(
  background: ThreadPlan,
  { progress }: BenchOptions,
): AsyncGenerator<RecordedExport, void, undefined> {
  const recorder = await startRecorder();
  const total = background.threads + turnsOf(OPENED);
  let made = 0;
  let told = 0;
  const sources = [
    createLastTurnRequests(recorder, background, SPAN_SHAPES.otel),
    ...OPENED.map((plan) => createChatRequests(recorder, plan, SPAN_SHAPES.otel)),
  ];
  try {
    for (const source of sources) {
      for await (const request of source) {
        yield request;
        made += request.spans;
        if (made - told < total / 10) continue;
        told = made;
        progress(`filling the store: ${Math.round((made / total) * 100)} %`);
      }
    }
  } finally {
    await recorder.stop();
  }
}

/** Milliseconds of each of many equal requests, one after the other. */
export async function timeMany(
  ask: (index: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const durations: number[] = [];
  for (let index = 0; index < REPEATS; index += 1) {
    const start = performance.now();
    await ask(index);
    durations.push(performance.now() - start);
  }
  return durations;
}

export async function read(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
}

/** The cursors of all pages after the first. */
async function findCursors(url: string): Promise<readonly string[]> {
  const cursors: string[] = [];
  let { next_cursor: cursor } = await readPage(url, PAGE);
  while (cursor !== null) {
    cursors.push(cursor);
    cursor = (await readPage(url, PAGE, cursor)).next_cursor;
  }
  return cursors;
}

async function measureReads(url: string): Promise<readonly Figure[]> {
  const threads = `${url}/api/v1/threads`;
  const cursors = await findCursors(url);
  const deep = cursors.slice(Math.floor(cursors.length / 2));
  const page = (index: number): string => encodeURIComponent(deep[index % deep.length] ?? '');
  const figures = [
    ...latencyFigures(
      'first page of threads',
      await timeMany(() => read(`${threads}?limit=${PAGE}`)),
      `${PAGE} on a page`,
    ),
    ...latencyFigures(
      'deep page of threads',
      await timeMany((index) => read(`${threads}?limit=${PAGE}&cursor=${page(index)}`)),
      `pages ${cursors.length - deep.length + 2} to ${cursors.length + 1}`,
    ),
  ];
  for (const { name, threads: count, turns } of OPENED) {
    const urlOf = (index: number): string =>
      `${threads}/${encodeThreadId(`${name}-${(index * 37) % count}`)}`;
    const messages = turns * MESSAGES_PER_TURN;
    figures.push(
      ...latencyFigures(`thread of ${turns} turns`, await timeMany((index) => read(urlOf(index)))),
      ...latencyFigures(
        `its ${messages + 1} messages`,
        await timeMany((index) => read(`${urlOf(index)}/messages?limit=1000`)),
      ),
    );
  }
  return figures;
}

/** How long the API takes over HTTP, one reader, with a store that has been lived in. */
export const measureQueries: Measure = async (options) => {
  const { signal, progress } = options;
  const background = backgroundOf(options);
  const turns = turnsOf([background, ...OPENED]);
  return withTemporaryFolder(async (dataDir) => {
    const collector = await spawnCollector({ dataDir, profileDir: undefined, signal });
    try {
      const { url } = collector;
      const started = performance.now();
      await sendRequests(createRequests(background, options), { url, inFlight: IN_FLIGHT, signal });
      const sent = performance.now();
      progress('waiting for the rebuild');
      await waitForTurns(url, turns, { signal, timeoutMs: REBUILD_TIMEOUT_MS });
      const rebuilt = performance.now();
      progress('reading');
      const messages = turns * MESSAGES_PER_TURN;
      const figures: readonly Figure[] = [
        { name: 'filling the store', value: (sent - started) / 1_000, unit: 's' },
        { name: 'rebuild after that', value: (rebuilt - sent) / 1_000, unit: 's' },
        ...(await measureReads(url)),
      ];
      return [{ title: `Queries over ${messages.toLocaleString('en-US')} messages`, figures }];
    } finally {
      await collector.stop();
    }
  });
};
