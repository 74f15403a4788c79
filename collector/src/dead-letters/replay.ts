import type { ClickHouseClient } from '@clickhouse/client';
import { ColloquyError } from '../errors.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';
import type { Frame } from '../spool/frame.js';
import {
  closeLetter,
  type DeadLetter,
  findLetter,
  findWaiting,
  forgetBody,
  WHOLE,
} from '../store/dead-letters.js';

export interface LetterOptions {
  readonly client: ClickHouseClient;
  /** Takes a request in again. @throws ColloquyError when that should be tried again */
  readonly replay: (frame: Frame) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const noLetter = (): ColloquyError =>
  new ColloquyError('NOT_FOUND', 'There is no dead letter with this id.');

/** @throws ColloquyError `NOT_FOUND` */
export async function readLetter(
  client: ClickHouseClient,
  projectId: string,
  letterId: string,
): Promise<{ readonly letter: DeadLetter; readonly body: Buffer }> {
  const found = await findLetter(client, projectId, letterId);
  if (found === undefined) throw noLetter();
  return found;
}

/** Items of a request that may not be readable at all. */
function countItems(request: Pick<Frame, 'signal' | 'encoding' | 'body'>): number {
  try {
    const { spans, logs } = decodeRequest(request);
    return spans.length + logs.length;
  } catch {
    return 1;
  }
}

/** Above that of the letter, also where the clock was put back. */
const versionAfter = ({ version }: DeadLetter, now: number): number => Math.max(now, version + 1);

/**
 * Has the items of one letter go through the intake again, and those alone. They are safe before the
 * letter is closed: broken off between the two, it can be replayed again, which changes nothing.
 *
 * @returns how many items
 * @throws ColloquyError `NOT_FOUND`, `CONFLICT` when it does not wait, or what the intake throws
 */
export async function replayLetter(
  { client, replay, now }: LetterOptions,
  projectId: string,
  letterId: string,
): Promise<number> {
  const { letter, body } = await readLetter(client, projectId, letterId);
  if (letter.state !== 'waiting')
    throw new ColloquyError('CONFLICT', `This dead letter was ${letter.state} already.`);
  const { signal, encoding, receivedMicros } = letter;
  const places = letter.items.map(({ place }) => place);
  const isWhole = places.includes(WHOLE);
  const items = isWhole ? countItems({ signal, encoding, body }) : places.length;
  const version = versionAfter(letter, now());
  await replay({
    projectId,
    signal,
    encoding,
    items,
    // What is kept out because it began or arrived before an erasure is kept out now, too.
    receivedAt: Number(receivedMicros / 1_000n),
    replay: { places: isWhole ? undefined : places, version },
    body,
  });
  await closeLetter(client, { projectId, letterId, state: 'replayed', version });
  return items;
}

/** Letters of one answer. */
const PAGE = 100;

export interface Replayed {
  readonly replayed: number;
  readonly items: number;
  /** The last of the letters, where there may be more. */
  readonly last: string | undefined;
}

/** Replays the next letters that wait; what is buried again behind the place does not come again. */
export async function replayNext(
  options: LetterOptions,
  projectId: string,
  after: string,
): Promise<Replayed> {
  const ids = await findWaiting(options.client, { projectId, after, limit: PAGE });
  let replayed = 0;
  let items = 0;
  for (const id of ids) {
    try {
      items += await replayLetter(options, projectId, id);
      replayed += 1;
    } catch (error) {
      // Somebody else was faster.
      const isGone =
        error instanceof ColloquyError && ['CONFLICT', 'NOT_FOUND'].includes(error.code);
      if (!isGone) throw error;
    }
  }
  return { replayed, items, last: ids.length < PAGE ? undefined : ids.at(-1) };
}

/** Drops a letter for good; one that was closed already stays so. @throws ColloquyError `NOT_FOUND` */
export async function dropLetter(
  { client, now }: Pick<LetterOptions, 'client' | 'now'>,
  projectId: string,
  letterId: string,
): Promise<void> {
  const { letter } = await readLetter(client, projectId, letterId);
  const version = versionAfter(letter, now());
  const change = { projectId, letterId, state: 'dropped', version } as const;
  await closeLetter(client, change);
  await forgetBody(client, change);
}
