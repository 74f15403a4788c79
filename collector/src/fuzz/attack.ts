import { peakMemory } from '../bench/process-usage.js';
import { spawnCollector } from '../bench/spawn-collector.js';
import { withTemporaryFolder } from '../bench/temporary-folder.js';
import { checkService, readDeadReasons, waitUntilQueryable } from './ask.js';
import { type ConnectionResult, holdConnections } from './connections.js';
import type { Corpus } from './corpus.js';
import type { Fault } from './in-process.js';
import { residentMemory } from './memory.js';
import { createPayload, type Payload } from './payload.js';
import { Tally } from './tally.js';

export interface AttackOptions {
  readonly corpus: Corpus;
  readonly seed: number;
  /** Numbers of the payloads to send. */
  readonly payloads: readonly number[];
  /** Connections to hold open that send little or nothing. */
  readonly connections: number;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface AttackResult {
  /** Answers by status. */
  readonly answers: Tally;
  /** Answers that tell of a fault of the collector's. */
  readonly failed: readonly Fault[];
  readonly unanswered: readonly Fault[];
  /** Why accepted items could not be stored. */
  readonly dead: Tally;
  /** What became of the connections; `undefined` where none were to be held. */
  readonly held: ConnectionResult | undefined;
  /** Of the collector without its ClickHouse, in bytes. */
  readonly memory: { readonly start: number; readonly peak: number; readonly end: number };
}

const IN_FLIGHT = 8;
const ANSWER_MS = 30_000;
const CATCH_UP_MS = 300_000;
const PROGRESS_EVERY = 2_000;

/** What a payload may be answered with; 429 and 503 tell when to come back. */
const EXPECTED: ReadonlySet<number> = new Set([200, 400, 413, 415, 429, 503]);

async function send(url: string, payload: Payload): Promise<number> {
  const { signal, encoding, compression, body } = payload;
  const response = await fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: {
      'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      ...(compression === 'identity' ? {} : { 'content-encoding': compression }),
    },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  await response.arrayBuffer();
  return response.status;
}

/**
 * Sends payloads to a collector as users run it, and looks whether it serves on.
 * @throws Error when a good request is not served afterwards
 */
export const attackCollector = (options: AttackOptions): Promise<AttackResult> =>
  withTemporaryFolder(async (dataDir) => {
    const { signal } = options;
    const collector = await spawnCollector({ dataDir, profileDir: undefined, signal });
    try {
      const { url, pid } = collector;
      await checkService(url, { timeoutMs: ANSWER_MS, signal });
      const start = residentMemory(pid);
      const sent = await sendAll(url, options);
      options.progress('waiting until all is queryable');
      await waitUntilQueryable(url, { timeoutMs: CATCH_UP_MS, signal });
      const held =
        options.connections > 0 ? await holdConnections({ ...options, url, pid }) : undefined;
      await checkService(url, { timeoutMs: ANSWER_MS, signal });
      const dead = new Tally();
      for (const reason of await readDeadReasons(url)) dead.add(reason);
      return {
        ...sent,
        dead,
        held,
        memory: { start, peak: peakMemory(pid), end: residentMemory(pid) },
      };
    } finally {
      await collector.stop();
    }
  });

async function sendAll(
  url: string,
  { corpus, seed, payloads, progress, signal }: AttackOptions,
): Promise<Pick<AttackResult, 'answers' | 'failed' | 'unanswered'>> {
  const answers = new Tally();
  const failed: Fault[] = [];
  const unanswered: Fault[] = [];
  const left = payloads.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const payload of left) {
      signal.throwIfAborted();
      try {
        const status = await send(url, createPayload(corpus, seed, payload));
        answers.add(String(status));
        if (!EXPECTED.has(status)) failed.push({ payload, reason: `answered ${status}` });
      } catch (error) {
        unanswered.push({ payload, reason: error instanceof Error ? error.message : 'no answer' });
      }
      done += 1;
      if (done % PROGRESS_EVERY === 0) progress(`${done} of ${payloads.length} sent`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return { answers, failed, unanswered };
}
