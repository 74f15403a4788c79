import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { encodeThreadId } from '@colloquy/schema';
import { startEngine } from '../store/embedded/engine.js';
import { migrate } from '../store/migrate.js';
import { recordLoad, startLoad } from './fill-load.js';
import { readSamples, type FillSamples } from './fill-samples.js';
import { fillStore } from './fill.js';
import type { FillPlan } from './fill-plan.js';
import { latencyFigures, megabytes, type Figure, type Progress, type Section } from './figures.js';
import { read, timeMany } from './measure-queries.js';
import { spawnCollector } from './spawn-collector.js';

export interface FillOptions extends FillPlan {
  /** Where the store is kept; a folder of this plan is used again. A temporary one where it is left out. */
  readonly dataDir: string | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Filling sorts and joins more at once than a collector does. */
const FILL_MEMORY = 6 * 1024 ** 3;
/** A batch takes seconds, and minutes on a machine that does much else. */
const FILL_TIMEOUT_MS = 15 * 60_000;
const PAGE = 50;

async function fill(dataDir: string, options: FillOptions): Promise<FillSamples> {
  const { threads, messages, progress, signal } = options;
  const engine = await startEngine({ dataDir, httpPort: 0, maxMemory: FILL_MEMORY });
  const { url, username, password } = engine;
  const store = { url, username, password, database: 'colloquy' };
  const client = createClient({
    ...store,
    request_timeout: FILL_TIMEOUT_MS,
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 1,
      max_partitions_per_insert_block: '0',
    },
  });
  try {
    await migrate(client, store);
    await fillStore(client, { plan: { threads, messages }, progress, signal });
    return await readSamples(client);
  } finally {
    await client.close();
    await engine.stop();
  }
}

const at = (items: readonly string[], index: number): string => items[index % items.length] ?? '';

const search = (text: string): string =>
  `/messages?limit=${PAGE}&search=${encodeURIComponent(text)}`;

/** What is asked, by name; each a path below the query API. */
function questionsOf({
  longThreads,
  cursors,
  rareWords,
  phrases,
}: FillSamples): Readonly<Record<string, (index: number) => string>> {
  const thread = (index: number): string => `/threads/${encodeThreadId(at(longThreads, index))}`;
  return {
    'first page of threads': () => `/threads?limit=${PAGE}`,
    'deep page of threads': (index) => `/threads?limit=${PAGE}&cursor=${at(cursors, index)}`,
    'thread of 200 messages': thread,
    'search, a rare word': (index) => search(at(rareWords, index)),
    'search, a frequent word': () => search('the'),
    'search, a frequent and a rare word': (index) => search(`the ${at(rareWords, index)}`),
    'search, a phrase': (index) => search(`"${at(phrases, index)}"`),
    'search, no hit': (index) => search(`nothing${index}`),
    'its messages': (index) => `${thread(index)}/messages?limit=1000`,
  };
}

async function measure(url: string, samples: FillSamples): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, pathOf] of Object.entries(questionsOf(samples))) {
    const times = await timeMany((index) => read(`${url}/api/v1${pathOf(index)}`));
    figures.push(...latencyFigures(name, times));
  }
  return figures;
}

/** Fills a store, once, and asks it while spans come in. */
export async function measureFilled(options: FillOptions): Promise<readonly Section[]> {
  const { threads, messages, progress, signal } = options;
  const dataDir = options.dataDir ?? join(tmpdir(), `colloquy-bench-filled-${threads}-${messages}`);
  const samples = await fill(dataDir, options);
  progress('making requests');
  const requests = await recordLoad(signal);
  const collector = await spawnCollector({ dataDir, profileDir: undefined, signal });
  try {
    progress('asking');
    const quiet = await measure(collector.url, samples);
    progress('asking while spans come in');
    const load = startLoad(collector.url, requests);
    const figures = await measure(collector.url, samples);
    const sent = await load.stop();
    const of = `${samples.messages.toLocaleString('en-US')} messages in ${samples.threads.toLocaleString('en-US')} threads`;
    return [
      {
        title: `Store of ${of}, in ${dataDir}`,
        figures: [
          { name: 'on disk', value: megabytes(samples.bytes), unit: 'MB' },
          { name: 'processes that wanted a core', value: loadavg()[0] ?? 0, unit: 'count' },
        ],
      },
      { title: `Queries over ${of}, nothing coming in`, figures: quiet },
      { title: `Queries over ${of}, while spans come in`, figures: [...sent, ...figures] },
    ];
  } finally {
    await collector.stop();
  }
}
