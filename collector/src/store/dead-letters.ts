import type { ClickHouseClient } from '@clickhouse/client';
import { digest } from '../digest.js';
import type { Frame } from '../spool/frame.js';
import { formatMillis } from './time.js';
import { insertRows } from './write-facts.js';

/** An accepted request of which some items could not be stored. */
export interface DeadRequest {
  readonly frame: Frame;
  /** Places of these items among the well-formed ones of the request; -1 for all of them. */
  readonly refused: readonly { readonly place: number; readonly reason: string }[];
}

/** Keeps it for somebody to look at. Kept twice it is the same. @throws what ClickHouse answers */
export async function buryRequest(
  client: ClickHouseClient,
  { frame, refused }: DeadRequest,
): Promise<void> {
  const body = frame.body.toString('base64');
  const row = {
    project_id: frame.projectId,
    letter_id: digest(JSON.stringify([frame.signal, frame.encoding, frame.receivedAt, body])),
    received_at: formatMillis(frame.receivedAt),
    signal: frame.signal,
    encoding: frame.encoding,
    body,
    places: refused.map(({ place }) => place),
    reasons: refused.map(({ reason }) => reason),
    state: 'waiting',
    version: frame.receivedAt,
  };
  await insertRows(client, new Map([['dead_letters', [row]]]));
}
