/** The thread that takes requests from the spool to ClickHouse and rebuilds threads, beside the doors. */
import { setMaxListeners } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../describe-error.js';
import { Erasures } from '../erasure/erasures.js';
import { ID_FIELDS } from '../id-fields.js';
import { Masking } from '../masking/masking.js';
import { startOwnTraces } from '../own-traces/own-traces.js';
import { Pipeline } from '../pipeline.js';
import { comparePositions } from '../spool/position.js';
import { readSpool } from '../spool/reader.js';
import { SegmentMirror } from '../spool/segment-mirror.js';
import { openClient } from '../store/client.js';
import { buryRequest } from '../store/dead-letters.js';
import { ProjectSettings } from '../store/project-settings.js';
import { Drain } from './drain.js';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';
import { seldom } from './seldom.js';

/** How long rows gather between inserts; lists may lag 2 s in all. */
const INSERT_INTERVAL_MS = 200;

const { store, inferThreads, prices, ownTraces, folder, sizes, from, uncounted } =
  workerData as WorkerSetup;
const stopOwnTraces = ownTraces && startOwnTraces(ownTraces);

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
const tell = (message: FromWorker): void => parentPort?.postMessage(message);
const report = (message: string): void => tell({ kind: 'report', message });

/** Of one kind of work, which is tried again until it is done. */
const reportRetries = (what: string): ((error: unknown) => void) => {
  const say = seldom(report, () => performance.now());
  return (error) => say(`${what}, trying again. ${describeError(error)}`);
};

const client = openClient(store);
const erasures = new Erasures({ client, inferThreads, now: Date.now });
const masking = new Masking({
  settings: new ProjectSettings(client, Date.now),
  idFields: ID_FIELDS,
  onMasked: (projectId, found) => tell({ kind: 'masked', projectId, found }),
  // Its message might quote what is to be masked.
  onError: (error) =>
    report(`A record could not be masked. ${error instanceof Error ? error.name : 'Error'}.`),
});
const pipeline = new Pipeline({
  client,
  masking,
  guard: erasures.guard,
  erased: erasures.watch(),
  inferThreads,
  prices,
  intervalMs: INSERT_INTERVAL_MS,
  now: Date.now,
  onError: reportRetries('Rebuild failed'),
});
const segments = new SegmentMirror(folder, sizes);
const reading = new AbortController();
const working = new AbortController();
// Each request that waits to be tried again listens to it.
setMaxListeners(0, working.signal);
const drain = new Drain({
  requests: readSpool(segments, {
    from,
    signal: reading.signal,
    onDamage: ({ segment, offset }) =>
      report(`Segment ${segment} of the spool is damaged at byte ${offset}; a copy is kept.`),
  }),
  consumer: pipeline,
  rebuilt: () => pipeline.rebuilt(),
  bury: (dead) => buryRequest(client, dead),
  onRead: ({ frame: { projectId, items }, next }) => {
    const { after, upTo } = uncounted;
    if (comparePositions(next, after) > 0 && comparePositions(next, upTo) <= 0)
      tell({ kind: 'left-behind', next, projectId, items });
  },
  onStored: (done) => tell({ kind: 'stored', ...done }),
  onQueryable: async (end, done) => tell({ kind: 'queryable', end, counts: done }),
  onError: reportRetries('Rows were not stored'),
  signal: working.signal,
});

/** Who waits until all that was accepted is stored and rebuilt. */
const awaiting: (() => void)[] = [];
erasures.start({
  settle: async () => {
    await new Promise<void>((resolve) => {
      awaiting.push(resolve);
      tell({ kind: 'catch-up' });
    });
    await pipeline.rebuilt();
  },
  holdRebuilds: (work) => pipeline.holdRebuilds(work),
  touch: (traces) => pipeline.touch(traces),
  onError: reportRetries('Erasure broke off'),
});

async function stop(): Promise<void> {
  await erasures.stop();
  reading.abort();
  working.abort();
  await drain.ended();
  await pipeline.stop();
  await client.close();
  await stopOwnTraces?.();
  parentPort?.close();
}

function listen(message: ToWorker): void {
  switch (message.kind) {
    case 'grown':
      segments.update(message.size, message.read);
      break;
    case 'touch':
      pipeline.touch(message.traces);
      break;
    case 'settle':
      void pipeline.settle().then(() => tell({ kind: 'settled', id: message.id }));
      break;
    case 'caught-up':
      awaiting.shift()?.();
      break;
    case 'stop':
      void stop();
  }
}

parentPort?.on('message', listen);
pipeline.recover().catch((error: unknown) => report(describeError(error)));
