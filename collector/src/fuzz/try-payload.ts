import type { LRUCache } from 'lru-cache';
import { ColloquyError } from '../errors.js';
import type { CheckedRequest } from '../consumer.js';
import { normaliseLog, normaliseSpan } from '../normalise/normalise.js';
import { OtlpCounters } from '../receivers/otlp/counters.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';
import { DEFAULT_BODY_LIMITS, readBody } from '../receivers/otlp/read-body.js';
import { receiveExport } from '../receivers/otlp/receive-export.js';
import { columnsOf } from '../store/encode-rows.js';
import { encodeFacts, type FactRows } from '../store/write-facts.js';
import type { Payload } from './payload.js';

/** What became of a payload. */
export type Outcome = 'taken' | 'refused';

/** Ways in which a body may be refused; any other error is a fault. */
const REFUSALS: ReadonlySet<string> = new Set([
  'INVALID_OTLP',
  'INVALID_ENCODING',
  'BODY_TOO_LARGE',
]);

const PROTOTYPE_NAMES = Object.getOwnPropertyNames(Object.prototype).length;
const RECEIVED_AT = '2026-01-01 00:00:00.000';

const counters = new OtlpCounters();

async function bodyOf({ body, compression }: Payload): Promise<Buffer> {
  if (compression === 'identity') return body;
  const request = new Request('http://localhost/', {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-encoding': compression },
  });
  return readBody(request, DEFAULT_BODY_LIMITS);
}

/** What a receiver hands on of it; `undefined` where nothing is left. */
async function check(payload: Payload): Promise<CheckedRequest | undefined> {
  const { signal, encoding } = payload;
  let accepted: CheckedRequest | undefined;
  const intake = {
    accept: async (request: CheckedRequest) => {
      accepted = request;
    },
  };
  const request = { signal, encoding, body: await bodyOf(payload), projectId: 'fuzz' };
  await receiveExport(request, { intake, counters });
  return accepted;
}

/** @throws Error when a line has not the columns of its table */
function checkRows({ tables }: FactRows): void {
  for (const [table, rows] of tables) {
    for (const row of rows) {
      if (typeof row !== 'string') JSON.stringify(row);
      else if ((JSON.parse(row) as unknown[]).length !== columnsOf(table).length)
        throw new Error(`A row of ${table} has not as many values as columns.`);
    }
  }
}

/**
 * Takes a payload all the way from its bytes to rows, as the collector does, but for the disk.
 * @param memory - which messages are written already
 * @throws Error that no payload should bring about
 */
export async function tryPayload(
  payload: Payload,
  memory: LRUCache<string, string>,
): Promise<Outcome> {
  let request: CheckedRequest | undefined;
  try {
    request = await check(payload);
  } catch (error) {
    if (error instanceof ColloquyError && REFUSALS.has(error.code)) return 'refused';
    throw error;
  }
  if (request === undefined) return 'refused';
  const { spans, logs } = decodeRequest(request);
  const read = spans.length + logs.length;
  if (read !== request.items)
    throw new Error(`${request.items} items were accepted, and ${read} can be read.`);
  const facts = encodeFacts(
    {
      projectId: 'fuzz',
      spans: spans.map(normaliseSpan),
      logs: logs.map(normaliseLog),
      bytes: request.body.length,
    },
    RECEIVED_AT,
    memory,
  );
  checkRows(facts);
  facts.commit();
  if (Object.getOwnPropertyNames(Object.prototype).length !== PROTOTYPE_NAMES)
    throw new Error('All objects have a property that they did not have before.');
  return 'taken';
}
