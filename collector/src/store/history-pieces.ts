import type { ClickHouseClient } from '@clickhouse/client';
import { digest } from '../digest.js';
import { selectFromShelves } from './client.js';
import type { Row } from './gen-ai-columns.js';

/** A run of messages that histories have in common. */
export interface Piece {
  readonly hash: string;
  readonly contentHashes: readonly string[];
}

/** A history as it is stored: pieces, each kept once, and the messages after them. */
export interface CutHistory {
  readonly pieces: readonly Piece[];
  readonly rest: readonly string[];
}

/** One message in 32 ends a piece: hashes that end in a byte below this. */
const LAST_BYTE = '08';

/**
 * Cuts a history into pieces. Where a piece ends is decided by the message alone, so that the same
 * run gives the same pieces in a history that was cut, edited or gone on from.
 *
 * @param contentHashes - UUIDs in lower case
 */
export function cutHistory(contentHashes: readonly string[]): CutHistory {
  const pieces: Piece[] = [];
  let start = 0;
  for (const [index, hash] of contentHashes.entries()) {
    if (hash.slice(-2) >= LAST_BYTE) continue;
    const piece = contentHashes.slice(start, index + 1);
    pieces.push({ hash: digest(piece.join()), contentHashes: piece });
    start = index + 1;
  }
  return { pieces, rest: contentHashes.slice(start) };
}

const piecesOf = (row: Row): readonly string[] => row['input_pieces'] as readonly string[];

/**
 * Gives rows of spans or logs their histories whole: `input_hashes` with the pieces put before it.
 * Rows that share a piece share its strings.
 */
export async function joinHistories(
  client: ClickHouseClient,
  projectId: string,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const cut = rows.filter((row) => piecesOf(row).length > 0);
  if (cut.length === 0) return rows;
  const found = await selectFromShelves<{ hash: string; content_hashes: readonly string[] }>(
    client,
    `SELECT piece_hash AS hash, content_hashes FROM fact_histories
     WHERE project_id = {projectId:String} AND shelf IN {shelves:Array(UUID)} AND piece_hash IN {keys:Array(UUID)}
     LIMIT 1 BY piece_hash`,
    projectId,
    {
      shelves: [...new Set(cut.flatMap((row) => row['content_shelves'] as readonly string[]))],
      hashes: [...new Set(cut.flatMap(piecesOf))],
    },
  );
  const known = new Map(found.map(({ hash, content_hashes }) => [hash, content_hashes]));
  return rows.map((row) => {
    // A piece that is gone stands for a message that is.
    const before = piecesOf(row).flatMap((hash) => known.get(hash) ?? hash);
    const rest = row['input_hashes'] as readonly string[];
    return before.length === 0 ? row : { ...row, input_hashes: before.concat(rest) };
  });
}
