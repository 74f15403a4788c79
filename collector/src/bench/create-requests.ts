import type { RecordedExport, RequestRecorder } from './record-requests.js';
import { plainSpan, type SpanShape } from './span-shapes.js';
import { createThread, type ThreadPlan } from './synthetic-threads.js';

/** Threads that are active at once: an export holds one turn of each, as it would of a busy service. */
const ACTIVE_THREADS = 20;

/** All turns of all threads, in exports of up to 20 spans. */
export async function* createChatRequests(
  recorder: RequestRecorder,
  plan: ThreadPlan,
  shape: SpanShape,
): AsyncGenerator<RecordedExport, void, undefined> {
  for (let first = 0; first < plan.threads; first += ACTIVE_THREADS) {
    const count = Math.min(ACTIVE_THREADS, plan.threads - first);
    const threads = Array.from({ length: count }, (_, index) => createThread(plan, first + index));
    for (let turn = 1; turn <= plan.turns; turn += 1) {
      yield recorder.record(threads.map((thread) => shape(thread, turn)));
    }
  }
}

/** The last turn of each thread, which tells all of it, in exports of up to 20 spans. */
export async function* createLastTurnRequests(
  recorder: RequestRecorder,
  plan: ThreadPlan,
  shape: SpanShape,
): AsyncGenerator<RecordedExport, void, undefined> {
  for (let first = 0; first < plan.threads; first += ACTIVE_THREADS) {
    const count = Math.min(ACTIVE_THREADS, plan.threads - first);
    yield recorder.record(
      Array.from({ length: count }, (_, index) =>
        shape(createThread(plan, first + index), plan.turns),
      ),
    );
  }
}

/** What a batch processor sends at the most. */
const PLAIN_BATCH = 512;

/** Spans without a word, in exports of 512. */
export async function* createPlainRequests(
  recorder: RequestRecorder,
  requests: number,
): AsyncGenerator<RecordedExport, void, undefined> {
  for (let request = 0; request < requests; request += 1) {
    yield recorder.record(
      Array.from({ length: PLAIN_BATCH }, (_, index) => plainSpan(request * PLAIN_BATCH + index)),
    );
  }
}

/** All of them, so that making them costs nothing while they are sent. */
export async function collect<T>(items: AsyncIterable<T>, signal: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    signal.throwIfAborted();
    all.push(item);
  }
  return all;
}
