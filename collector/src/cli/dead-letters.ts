import { parseArgs } from 'node:util';
import type {
  DeadLetterAnswer,
  DeadLetterDetailAnswer,
  DeadLetterListAnswer,
  ReplayAnswer,
} from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';
import { confirm } from './confirm.js';
import { renderTable } from './render-table.js';

export const DEAD_LETTERS_USAGE = `Shows what was accepted and could not be stored, and takes it in again or drops it.

Usage: colloquy dead-letters list [--state <state>] [options]
       colloquy dead-letters show <id> [options]
       colloquy dead-letters replay <id> | --all [options]
       colloquy dead-letters drop <id> | --all [--yes] [options]

  --url <url>      The collector to ask, default ${DEFAULT_URL}
  --state <state>  waiting, replayed, dropped or any, default waiting
  --all            All that wait
  --yes            Do not ask
  --json           list and show: as the API answers, one letter a line

The items that were refused are replayed alone: their neighbours are stored. What cannot be stored then
either waits again. What is dropped is gone for good. The key is read from COLLOQUY_API_KEY.
`;

const STATES: ReadonlySet<string> = new Set(['waiting', 'replayed', 'dropped', 'any']);

interface Options {
  readonly url: string;
  readonly state: string;
  readonly all: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const fail = (sentence: string): never => {
  throw new ColloquyError('STARTUP_FAILED', sentence);
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const pathOf = (id: string): string => `/dead-letters/${encodeURIComponent(id)}`;

const withCursor = (path: string, cursor: string | null): string =>
  cursor === null
    ? path
    : `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;

/** All pages of an answer. */
async function* readPages<Page extends { readonly next_cursor: string | null }>(
  url: string,
  path: string,
  init?: RequestInit,
): AsyncGenerator<Page> {
  for (let cursor: string | null = null; ;) {
    const page = (await (await askCollector(url, withCursor(path, cursor), init)).json()) as Page;
    yield page;
    cursor = page.next_cursor;
    if (cursor === null) return;
  }
}

async function listAll({ url, state }: Options): Promise<readonly DeadLetterAnswer[]> {
  const letters: DeadLetterAnswer[] = [];
  const path = `/dead-letters${state === 'any' ? '' : `?state=${state}`}`;
  for await (const { dead_letters } of readPages<DeadLetterListAnswer>(url, path))
    letters.push(...dead_letters);
  return letters;
}

const reasonsOf = ({ items }: DeadLetterAnswer): string =>
  [...new Set(items.map(({ reason }) => reason))].join(', ');

async function list(options: Options): Promise<number> {
  const letters = await listAll(options);
  if (options.json) {
    for (const letter of letters) console.log(JSON.stringify(letter));
    return 0;
  }
  if (letters.length === 0) {
    console.log(`No dead letters${options.state === 'any' ? '' : ` are ${options.state}`}.`);
    return 0;
  }
  const rows = letters.map((letter) => [
    letter.letter_id,
    letter.received_at.slice(0, 19),
    letter.signal,
    letter.items.some(({ place }) => place === null) ? 'all' : String(letter.refused),
    String(letter.bytes),
    letter.state,
    reasonsOf(letter),
  ]);
  const head = ['id', 'received (UTC)', 'signal', 'refused', 'bytes', 'state', 'reasons'];
  console.log(renderTable(head, rows));
  return 0;
}

async function show(id: string, { url, json }: Options): Promise<number> {
  let isFirst = true;
  for await (const page of readPages<DeadLetterDetailAnswer>(url, pathOf(id))) {
    if (json) {
      console.log(JSON.stringify(page));
      continue;
    }
    if (isFirst) {
      console.log(`${page.signal} of ${page.received_at}, ${page.state}, ${page.bytes} bytes`);
      isFirst = false;
    }
    for (const { place, reason, span, log } of page.items) {
      console.log(`\n${place === null ? 'the whole request' : `item ${place}`}: ${reason}`);
      const record = span ?? log;
      if (record !== null) console.log(JSON.stringify(record, null, 2));
    }
  }
  return 0;
}

/** What a form of some web page could send is refused. */
const POST: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' } };

async function replay(id: string | undefined, { url }: Options): Promise<number> {
  const path = id === undefined ? '/dead-letters/replay' : `${pathOf(id)}/replay`;
  let replayed = 0;
  let items = 0;
  for await (const page of readPages<ReplayAnswer>(url, path, POST)) {
    replayed += page.replayed;
    items += page.items;
  }
  console.log(`${plural(replayed, 'request')} with ${plural(items, 'item')} accepted again.`);
  return 0;
}

async function drop(id: string | undefined, options: Options): Promise<number> {
  const ids =
    id === undefined
      ? (await listAll({ ...options, state: 'waiting' })).map(({ letter_id }) => letter_id)
      : [id];
  const question = `Drop ${plural(ids.length, 'dead letter')} for good?`;
  if (ids.length > 0 && !options.yes && !(await confirm(question))) {
    console.log('Nothing was dropped. --yes does it without asking.');
    return 1;
  }
  for (const one of ids) await askCollector(options.url, pathOf(one), { method: 'DELETE' });
  console.log(`${plural(ids.length, 'dead letter')} dropped.`);
  return 0;
}

/**
 * Lists, shows, replays and drops what a running collector could not store.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, or it refuses
 */
export async function deadLetters(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      state: { type: 'string', default: 'waiting' },
      all: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [action = '', id, ...rest] = positionals;
  if (rest.length > 0) fail('Name one dead letter.');
  if (!STATES.has(values.state)) fail('--state is one of waiting, replayed, dropped and any.');
  if (action === 'list' && id === undefined) return list(values);
  if (action === 'show' && id !== undefined) return show(id, values);
  const isOne = (id === undefined) === values.all;
  if (action === 'replay' && isOne) return replay(id, values);
  if (action === 'drop' && isOne) return drop(id, values);
  return fail('Say what to do: list, show <id>, replay <id> or --all, drop <id> or --all.');
}
