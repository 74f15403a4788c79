import { Agent, request as startRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedExport } from './record-requests.js';

/** What it took to have all requests acknowledged. */
export interface SendResult {
  readonly spans: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Milliseconds from the first byte sent to the answer, one for each request. */
  readonly latenciesMs: readonly number[];
  /** Answers that asked to come back later. */
  readonly refusals: number;
}

export interface SendOptions {
  /** OTLP/HTTP base URL. */
  readonly url: string;
  readonly inFlight: number;
  readonly signal: AbortSignal;
}

const RETRY_MS = 200;
const RETRYABLE: readonly number[] = [429, 502, 503, 504];

/** Resolves with the status of the answer. Not `fetch`, which costs the machine under test more. */
function post(url: string, agent: Agent, { body }: RecordedExport): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    startRequest(`${url}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    })
      .once('error', reject)
      .end(body);
  });
}

/** Sends one request until it is acknowledged. */
async function sendUntilTaken(
  request: RecordedExport,
  agent: Agent,
  { url, signal }: SendOptions,
): Promise<{ readonly latencyMs: number; readonly refusals: number }> {
  for (let refusals = 0; ; refusals += 1) {
    signal.throwIfAborted();
    const start = performance.now();
    const status = await post(url, agent, request);
    if (status === 200) return { latencyMs: performance.now() - start, refusals };
    if (!RETRYABLE.includes(status)) throw new Error(`The collector answered ${status}.`);
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/**
 * Sends all requests, several at a time, each as soon as another is acknowledged.
 * @throws Error when one is refused for good
 */
export async function sendRequests(
  requests: Iterable<RecordedExport> | AsyncIterable<RecordedExport>,
  options: SendOptions,
): Promise<SendResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.inFlight });
  const latenciesMs: number[] = [];
  const total = { spans: 0, bytes: 0, refusals: 0 };
  const start = performance.now();
  try {
    await eachConcurrently(requests, options.inFlight, async (request) => {
      const { latencyMs, refusals } = await sendUntilTaken(request, agent, options);
      latenciesMs.push(latencyMs);
      total.spans += request.spans;
      total.bytes += request.body.length;
      total.refusals += refusals;
    });
  } finally {
    agent.destroy();
  }
  return { ...total, latenciesMs, seconds: (performance.now() - start) / 1_000 };
}

async function eachConcurrently<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const item of items) {
    const task = run(item).finally(() => running.delete(task));
    running.add(task);
    // The race is where a failure surfaces; what runs beside it must not go unhandled.
    task.catch(() => undefined);
    if (running.size >= limit) await Promise.race(running);
  }
  await Promise.all(running);
}
