import type { GenAi, Message } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import { hashContent } from '../digest.js';
import { sharedLength } from '../shared-length.js';
import type { Hashes, Row } from './gen-ai-columns.js';
import { cutHistory, type Piece } from './history-pieces.js';

/** A message, where it is kept and how. */
export interface ShelvedMessage {
  readonly hash: string;
  readonly shelf: string;
  readonly message: Message;
  readonly json: string;
}

/** The messages of a history, and the hash and the shelf of each. */
interface History {
  readonly messages: readonly Message[];
  readonly hashes: readonly string[];
  readonly shelves: readonly string[];
}

const isSaid = ({ role }: Message): boolean => role !== 'system';

/** How many messages are remembered as stored already; about 150 bytes each. */
const MAX_REMEMBERED = 100_000;

/** A message is written again when it was last written this long ago, so that its retention runs anew. */
const REMEMBER_MS = 7 * 24 * 3_600_000;

export interface Shelved {
  readonly hashes: Hashes;
  /** Where these contents are kept; readers look there and nowhere else. */
  readonly shelves: readonly string[];
}

/**
 * Decides where the contents of batches go that are written together. The first message of a history names the shelf, so that
 * a conversation lies together on disk; a message that is on some shelf already stays there.
 */
export class ShelfBatch {
  readonly #projectId: string;
  readonly #known: LRUCache<string, string>;
  readonly #receivedAt: string;
  readonly #fresh = new Map<string, { readonly shelf: string; readonly of: Message | Piece }>();
  #messages: readonly ShelvedMessage[] | undefined;
  /** What was put last: a history mostly begins like the one before. */
  #history: History = { messages: [], hashes: [], shelves: [] };

  constructor(projectId: string, known: LRUCache<string, string>, receivedAt: string) {
    this.#projectId = projectId;
    this.#known = known;
    this.#receivedAt = receivedAt;
  }

  /** Hashes the messages of one record and notes what has to be written of them. */
  put({
    systemMessages,
    inputMessages,
    outputMessages,
  }: Pick<GenAi, 'systemMessages' | 'inputMessages' | 'outputMessages'>): Shelved {
    const shared = sharedLength(inputMessages, this.#history.messages);
    const added = inputMessages.slice(shared);
    const addedHashes = added.map(hashContent);
    const input = this.#history.hashes.slice(0, shared).concat(addedHashes);
    const others = [...outputMessages, ...systemMessages];
    const otherHashes = others.map(hashContent);
    const shelf =
      input[inputMessages.findIndex(isSaid)] ??
      otherHashes[others.findIndex(isSaid)] ??
      input[0] ??
      otherHashes[0] ??
      '';
    const place = (hashes: readonly string[], of: readonly (Message | Piece)[]): string[] =>
      hashes.map((hash, index) => this.#shelve(hash, of[index], shelf));
    const inputShelves = this.#history.shelves.slice(0, shared).concat(place(addedHashes, added));
    this.#history = { messages: inputMessages, hashes: input, shelves: inputShelves };
    const { pieces, rest } = cutHistory(input);
    const inputPieces = pieces.map(({ hash }) => hash);
    const shelves = new Set([
      ...inputShelves,
      ...place(otherHashes, others),
      ...place(inputPieces, pieces),
    ]);
    const output = otherHashes.slice(0, outputMessages.length);
    const system = otherHashes.slice(outputMessages.length);
    return { hashes: { system, inputPieces, input: rest, output }, shelves: [...shelves] };
  }

  #shelve(hash: string, of: Message | Piece | undefined, shelf: string): string {
    const known = this.#fresh.get(hash)?.shelf ?? this.#known.get(`${this.#projectId}/${hash}`);
    if (known !== undefined || of === undefined) return known ?? shelf;
    this.#fresh.set(hash, { shelf, of });
    return shelf;
  }

  /** Rows by table. */
  tables(): ReadonlyMap<string, readonly Row[]> {
    return new Map([
      ['fact_contents', this.#contents()],
      ['fact_histories', this.#histories()],
    ]);
  }

  #contents(): readonly Row[] {
    return this.messages().map(({ hash, shelf, message, json }) => ({
      ...this.#place(shelf),
      content_hash: hash,
      role: message.role,
      message: json,
    }));
  }

  #histories(): readonly Row[] {
    return [...this.#fresh].flatMap(([hash, { shelf, of }]) =>
      'role' in of
        ? []
        : [{ ...this.#place(shelf), piece_hash: hash, content_hashes: of.contentHashes }],
    );
  }

  #place(shelf: string): Row {
    return { project_id: this.#projectId, shelf, seen_at: this.#receivedAt };
  }

  /** The messages that have to be written; to be asked once all records are put. */
  messages(): readonly ShelvedMessage[] {
    this.#messages ??= [...this.#fresh].flatMap(([hash, { shelf, of }]) =>
      'role' in of ? [{ hash, shelf, message: of, json: JSON.stringify(of) }] : [],
    );
    return this.#messages;
  }

  /** To be called once the rows are stored: from here on they need not be written again. */
  commit(): void {
    for (const [hash, { shelf }] of this.#fresh)
      this.#known.set(`${this.#projectId}/${hash}`, shelf);
  }
}

export const createShelfMemory = (): LRUCache<string, string> =>
  new LRUCache({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
