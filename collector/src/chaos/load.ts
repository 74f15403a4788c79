import { setTimeout as sleep } from 'node:timers/promises';
import { createChatRequests } from '../bench/create-requests.js';
import { startRecorder } from '../bench/record-requests.js';
import { SPAN_SHAPES } from '../bench/span-shapes.js';
import type { ThreadPlan } from '../bench/synthetic-threads.js';
import { decodeRequest } from '../receivers/otlp/decode-request.js';

/** The conversations that are sent: more of them than any run takes, and long, as each is asked for. */
export const PLAN: ThreadPlan = { name: 'chaos', threads: 1_000_000, turns: 25, messageSize: 300 };

/** A span for which a 200 was answered. */
export interface AcknowledgedSpan {
  readonly threadId: string;
  readonly spanId: string;
}

export interface LoadOptions {
  readonly url: string;
  /** Requests a second that are begun at the most. */
  readonly rate: number;
  /** Ends the load; what is under way is sent until it is acknowledged. */
  readonly signal: AbortSignal;
  /** Gives up. */
  readonly abort: AbortSignal;
}

export interface LoadResult {
  readonly acknowledged: readonly AcknowledgedSpan[];
  readonly requests: number;
  /** How often a request was sent again. */
  readonly retries: number;
}

const IN_FLIGHT = 4;
const RETRY_MS = 100;
const REQUEST_TIMEOUT_MS = 10_000;

/** As exporters do: again and again, whatever went wrong. */
async function sendUntilTaken(body: Buffer, { url, abort }: LoadOptions): Promise<number> {
  for (let retries = 0; ; retries += 1) {
    abort.throwIfAborted();
    try {
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(body),
        signal: AbortSignal.any([abort, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      if (response.status === 200) return retries;
    } catch {
      // Refused, cut off or too slow: nobody knows whether it was taken.
    }
    await sleep(RETRY_MS, undefined, { signal: abort });
  }
}

/** Sends conversations as real SDKs do, steadily, and keeps account of what was acknowledged. */
export async function sendLoad(options: LoadOptions): Promise<LoadResult> {
  const { rate, signal } = options;
  const recorder = await startRecorder();
  const requests = createChatRequests(recorder, PLAN, SPAN_SHAPES.otel);
  const acknowledged: AcknowledgedSpan[] = [];
  const total = { requests: 0, retries: 0 };
  const sendOne = async (body: Buffer): Promise<void> => {
    total.retries += await sendUntilTaken(body, options);
    total.requests += 1;
    const { spans } = decodeRequest({ signal: 'traces', encoding: 'protobuf', body });
    for (const { attributes, spanId } of spans) {
      const threadId = attributes.get('gen_ai.conversation.id');
      if (typeof threadId === 'string') acknowledged.push({ threadId, spanId });
    }
  };
  try {
    const running = new Set<Promise<void>>();
    for await (const { body } of requests) {
      const task = sendOne(body).finally(() => running.delete(task));
      running.add(task);
      if (running.size >= IN_FLIGHT) await Promise.race(running);
      await sleep(1_000 / rate);
      if (signal.aborted) break;
    }
    await Promise.all(running);
  } finally {
    await recorder.stop();
  }
  return { ...total, acknowledged };
}
