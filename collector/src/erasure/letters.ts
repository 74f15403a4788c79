import type { ClickHouseClient } from '@clickhouse/client';
import type { CanonicalLog, CanonicalSpan } from '@colloquy/schema';
import type { CheckedRequest } from '../consumer.js';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';
import { selectRows } from '../store/client.js';
import { traceKeyOf } from '../untraced-logs.js';
import type { TargetKind } from './tables.js';
import type { Targets } from './targets.js';

interface LetterRow {
  readonly letter_id: string;
  readonly signal: CheckedRequest['signal'];
  readonly encoding: CheckedRequest['encoding'];
  readonly body: string;
}

const PAGE = 20;

const READ = `SELECT letter_id, signal, encoding, body FROM dead_letters FINAL
WHERE project_id = {projectId:String} AND letter_id > {after:String} ORDER BY letter_id LIMIT {page:UInt32}`;

/** Those of the ids that a span or record names, by what they are. */
function* idsOf(
  traceKey: string,
  { genAi }: CanonicalSpan | CanonicalLog,
): Generator<[TargetKind, string]> {
  yield ['trace', traceKey];
  for (const { threadId } of genAi.threadCandidates) yield ['thread', threadId];
  if (genAi.userId !== undefined) yield ['user', genAi.userId];
  if (genAi.messageId !== undefined) yield ['message', genAi.messageId];
}

/** What cannot be read may hold anything, so it goes too. */
function isAmong(targets: Targets, { signal, encoding, body }: LetterRow): boolean {
  const isTarget = ([kind, id]: [TargetKind, string]): boolean =>
    targets.get(kind)?.has(id) === true;
  try {
    const { spans, logs } = decodeRequest({ signal, encoding, body: Buffer.from(body, 'base64') });
    return (
      spans.map(normaliseSpan).some((one) => [...idsOf(one.span.traceId, one)].some(isTarget)) ||
      logs.map(normaliseLog).some((one) => [...idsOf(traceKeyOf(one), one)].some(isTarget))
    );
  } catch {
    return true;
  }
}

/** Dead letters that hold something of what is erased. They go whole: a request cannot be cut. */
export async function findLetters(
  client: ClickHouseClient,
  projectId: string,
  targets: Targets,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after = ''; ;) {
    const rows = await selectRows<LetterRow>(client, READ, { projectId, after, page: PAGE });
    found.push(...rows.filter((row) => isAmong(targets, row)).map(({ letter_id }) => letter_id));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return found;
    after = last.letter_id;
  }
}
