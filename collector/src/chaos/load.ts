import { setTimeout as sleep } from 'node:timers/promises';
import { createChatRequests } from '../bench/create-requests.js';
import { startRecorder } from '../bench/record-requests.js';
import { SPAN_SHAPES } from '../bench/span-shapes.js';
import type { ThreadPlan } from '../bench/synthetic-threads.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';

/** A span for which a 200 was answered. */
export interface AcknowledgedSpan {
  readonly threadId: string;
  readonly spanId: string;
}

export interface LoadOptions {
  readonly url: string;
  /** The conversations that are sent; more of them than any run takes. */
  readonly plan: ThreadPlan;
  /** Spans a second, unless answers take too long for that. */
  readonly rate: number;
  /** Gives up. */
  readonly abort: AbortSignal;
}

/** What has been sent by now. */
export interface LoadResult {
  readonly acknowledged: readonly AcknowledgedSpan[];
  readonly requests: number;
  /** How often a request was sent again. */
  readonly retries: number;
}

/** What real SDKs send, under way. */
export interface Load {
  readonly sent: LoadResult;
  /** Begins nothing more, and resolves when all that was begun is acknowledged. */
  end(): Promise<LoadResult>;
}

const SPANS_PER_REQUEST = 20;
const IN_FLIGHT = 8;
const RETRY_MS = 100;
const REQUEST_TIMEOUT_MS = 10_000;

/** As exporters do: again and again, whatever went wrong. */
async function sendUntilTaken(
  body: Buffer,
  { url, abort }: LoadOptions,
  onRetry: () => void,
): Promise<void> {
  for (;;) {
    abort.throwIfAborted();
    try {
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(body),
        signal: AbortSignal.any([abort, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      if (response.status === 200) return;
    } catch {
      // Refused, cut off or too slow: nobody knows whether it was taken.
    }
    onRetry();
    await sleep(RETRY_MS, undefined, { signal: abort });
  }
}

/** Sends conversations as real SDKs do, steadily, and keeps account of what was acknowledged. */
export function startLoad(options: LoadOptions): Load {
  const acknowledged: AcknowledgedSpan[] = [];
  const sent = { acknowledged, requests: 0, retries: 0 };
  const ending = new AbortController();
  const sendOne = async (body: Buffer): Promise<void> => {
    await sendUntilTaken(body, options, () => (sent.retries += 1));
    sent.requests += 1;
    const { spans } = decodeRequest({ signal: 'traces', encoding: 'protobuf', body });
    for (const { attributes, spanId } of spans) {
      const threadId = attributes.get('gen_ai.conversation.id');
      if (typeof threadId === 'string') acknowledged.push({ threadId, spanId });
    }
  };
  const running = sendAll(options, sendOne, ending.signal);
  running.catch(() => undefined);
  return {
    sent,
    end: async () => {
      ending.abort();
      await running;
      return sent;
    },
  };
}

async function sendAll(
  { plan, rate }: LoadOptions,
  sendOne: (body: Buffer) => Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  const recorder = await startRecorder();
  try {
    const running = new Set<Promise<void>>();
    let next = performance.now();
    for await (const { body } of createChatRequests(recorder, plan, SPAN_SHAPES.otel)) {
      const task = sendOne(body).finally(() => running.delete(task));
      running.add(task);
      if (running.size >= IN_FLIGHT) await Promise.race(running);
      next = Math.max(next + (1_000 * SPANS_PER_REQUEST) / rate, performance.now() - 1_000);
      await sleep(Math.max(0, next - performance.now()));
      if (ending.aborted) break;
    }
    await Promise.all(running);
  } finally {
    await recorder.stop();
  }
}
