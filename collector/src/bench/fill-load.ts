import { setTimeout as sleep } from 'node:timers/promises';
import { collect, createChatRequests, createPlainRequests } from './create-requests.js';
import type { Figure } from './figures.js';
import { startRecorder, type RecordedExport } from './record-requests.js';
import { sendRequests } from './send-requests.js';
import { SPAN_SHAPES } from './span-shapes.js';

/** Spans that come in each second while queries are measured. */
const SPANS_PER_SECOND = 500;
/** One span in five is a model call; the others are of web services. */
const THREADS = 200;
const TURNS = 20;
const PLAIN_REQUESTS = 32;

/** Generation spans of threads that grow, and plain spans between them. */
export async function recordLoad(signal: AbortSignal): Promise<readonly RecordedExport[]> {
  const recorder = await startRecorder();
  try {
    const plan = { name: `live-${Date.now()}`, threads: THREADS, turns: TURNS, messageSize: 300 };
    const chat = await collect(createChatRequests(recorder, plan, SPAN_SHAPES.otel), signal);
    const plain = await collect(createPlainRequests(recorder, PLAIN_REQUESTS), signal);
    const every = Math.ceil(chat.length / plain.length);
    return chat.flatMap((request, index) => {
      const next = index % every === 0 ? plain[index / every] : undefined;
      return next === undefined ? [request] : [request, next];
    });
  } finally {
    await recorder.stop();
  }
}

interface Load {
  /** Ends it and tells what it was. */
  stop(): Promise<readonly Figure[]>;
}

/** Sends the requests at {@link SPANS_PER_SECOND}, from the beginning again when they are used up, until it is stopped. */
export function startLoad(url: string, requests: readonly RecordedExport[]): Load {
  const stopped = new AbortController();
  const started = performance.now();
  let due = 0;
  let rounds = 0;
  async function* paced(): AsyncGenerator<RecordedExport, void, undefined> {
    for (;;) {
      rounds += 1;
      for (const request of requests) {
        if (stopped.signal.aborted) return;
        const ahead = (due / SPANS_PER_SECOND) * 1_000 - (performance.now() - started);
        if (ahead > 0) await sleep(ahead);
        due += request.spans;
        yield request;
      }
    }
  }
  const done = sendRequests(paced(), { url, inFlight: 4, signal: new AbortController().signal });
  // A failure is told of when the load is stopped.
  done.catch(() => undefined);
  return {
    async stop() {
      stopped.abort();
      const { spans, seconds, refusals } = await done;
      return [
        {
          name: 'spans that came in meanwhile',
          value: spans / seconds,
          unit: 'spans/s',
          note: `of ${SPANS_PER_SECOND}; ${refusals} requests were asked to come back${rounds > 1 ? `; sent ${rounds} times over` : ''}`,
        },
      ];
    },
  };
}
