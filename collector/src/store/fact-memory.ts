import type { ClickHouseClient } from '@clickhouse/client';
import type { GenAiFact, Message } from '@colloquy/schema';
import { LRUCache } from 'lru-cache';
import { forgetProject } from './forget-project.js';
import type { ShelvedMessage } from './shelves.js';
import {
  joinFacts,
  readContents,
  readStamps,
  readTraces,
  type FactsOfTrace,
  type ReadContents,
  type TraceFacts,
} from './read-facts.js';

const MEGABYTE = 1_000_000;
const MAX_TRACES_BYTES = 48 * MEGABYTE;
const MAX_CONTENTS_BYTES = 24 * MEGABYTE;

/** Contents that were erased are forgotten after this; facts are compared with the store each time. */
const CONTENT_TTL_MS = 10 * 60_000;

/** Half an emoji is another text once it is stored: such messages are taken from there alone. */
const HALF_PAIR = /\\ud[89a-f]/i;

/** What a record takes up beside its hashes, which are shared text: a pointer each. */
const RECORD_BYTES = 2_000;
const CONTENT_BYTES = 500;
const POINTER_BYTES = 8;

interface Content {
  readonly message: Message;
  readonly shelf: string;
}

/** Characters of a message, about. */
const sizeOf = ({ parts }: Message): number =>
  parts.reduce(
    (sum, part) => sum + (part.type === 'text' ? part.content.length : JSON.stringify(part).length),
    0,
  );

const bytesOfFact = ({ inputHashes, outputHashes, systemHashes }: GenAiFact): number =>
  RECORD_BYTES + POINTER_BYTES * (inputHashes.length + outputHashes.length + systemHashes.length);

const bytesOfTrace = ({ spans, logs }: FactsOfTrace): number =>
  [...spans, ...logs].reduce((sum, fact) => sum + bytesOfFact(fact), RECORD_BYTES);

/** Facts and contents as last read, so that of a thread that lives only what is new is read again. */
export class FactMemory {
  readonly #traces = new LRUCache<string, FactsOfTrace>({
    maxSize: MAX_TRACES_BYTES,
    sizeCalculation: bytesOfTrace,
  });
  readonly #contents = new LRUCache<string, Content>({
    maxSize: MAX_CONTENTS_BYTES,
    sizeCalculation: ({ message }) => CONTENT_BYTES + 2 * sizeOf(message),
    ttl: CONTENT_TTL_MS,
  });

  /** To be called when something of a project was erased. */
  forget(projectId: string): void {
    forgetProject(this.#traces, projectId);
    forgetProject(this.#contents, projectId);
  }

  /** Takes messages that were just stored: threads that hold them are rebuilt next. */
  learn(projectId: string, messages: readonly ShelvedMessage[]): void {
    for (const { hash, shelf, message, json } of messages)
      if (!HALF_PAIR.test(json)) this.#contents.set(`${projectId}/${hash}`, { message, shelf });
  }

  /** The facts of these traces as they are in the store now. */
  async readTraceFacts(
    client: ClickHouseClient,
    projectId: string,
    traceIds: readonly string[],
  ): Promise<TraceFacts> {
    const keyOf = (traceId: string): string => `${projectId}/${traceId}`;
    const known = traceIds.filter((traceId) => this.#traces.has(keyOf(traceId)));
    const stamps = await readStamps(client, projectId, known);
    const current = new Map<string, FactsOfTrace>();
    for (const traceId of known) {
      const facts = this.#traces.get(keyOf(traceId));
      if (facts !== undefined && facts.stamp === stamps.get(traceId)) current.set(traceId, facts);
    }
    const others = traceIds.filter((traceId) => !current.has(traceId));
    const fresh = await readTraces(client, projectId, others);
    for (const [traceId, facts] of fresh) this.#traces.set(keyOf(traceId), facts);
    return joinFacts(new Map([...current, ...fresh]));
  }

  /** Contents by hash, from the shelves that the facts name. */
  async readContents(
    client: ClickHouseClient,
    projectId: string,
    shelves: readonly string[],
    hashes: readonly string[],
  ): Promise<ReadContents> {
    const contents = new Map<string, Message>();
    const shelfOf = new Map<string, string>();
    const unknown: string[] = [];
    for (const hash of hashes) {
      const known = this.#contents.get(`${projectId}/${hash}`);
      if (known === undefined) unknown.push(hash);
      else {
        contents.set(hash, known.message);
        shelfOf.set(hash, known.shelf);
      }
    }
    const fresh = await readContents(client, projectId, shelves, unknown);
    for (const [hash, message] of fresh.contents) {
      const shelf = fresh.shelfOf.get(hash) ?? hash;
      contents.set(hash, message);
      shelfOf.set(hash, shelf);
      this.#contents.set(`${projectId}/${hash}`, { message, shelf });
    }
    return { contents, shelfOf };
  }
}
