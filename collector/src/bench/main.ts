import { parseArgs } from 'node:util';
import { renderSection, type Section } from './figures.js';
import { measureFilled } from './fill-measure.js';
import { measureAgainst } from './measure-against.js';
import { measureIngest } from './measure-ingest.js';
import { measureInstrumentation } from './measure-instrumentation.js';
import { measureQueries } from './measure-queries.js';
import { measureRebuild } from './measure-rebuild.js';
import { measureStages } from './measure-stages.js';
import { measureStorage } from './measure-storage.js';
import type { Against, BenchOptions, Measure } from './measurement.js';

const MEASUREMENTS: Readonly<Record<string, Measure>> = {
  ingest: measureIngest,
  rebuild: measureRebuild,
  stages: measureStages,
  queries: measureQueries,
  storage: measureStorage,
  instrumentation: measureInstrumentation,
  against: measureAgainst,
};
/** `against` takes a command, and so is only run when it is given one. */
const DEFAULTS = Object.keys(MEASUREMENTS).filter((name) => name !== 'against');

const AGAINST_URL = 'http://127.0.0.1:14318';

const USAGE = `Measures Colloquy on this machine: over loopback, in a temporary folder.

Usage: npm run bench [-- options] [measurement...]

  ${DEFAULTS.join(', ')}; all of them unless named.

  --threads <n>        Threads of 20 turns sent to measure the ingest, default 100.
  --messages <n>       Messages in the store when queries are measured, default 100000.
  --fill               Only make a store of --messages (10000000) in --threads (200000) without sending
                       them, and ask it while 500 spans come in each second.
  --data-dir <dir>     Where that store is kept, to be used again; a temporary folder by default.
  --cpu-profile <dir>  Leave CPU profiles of the collector there.
  --against <command>  Only send the same requests to ours and to another collector, by turns, and
                       compare. The command starts it, with its store, in the foreground.
  --against-url <url>  Where the other takes OTLP/HTTP, default ${AGAINST_URL}.
  --against-data <dir> Where its store keeps its data, to compare what is on disk.
  --json               Print JSON.
  --help               Show this text.
`;

const INTERRUPTED = 130;

const SENT = { threads: '100', messages: '100000' };
const FILLED = { threads: '200000', messages: '10000000' };

interface Task extends BenchOptions {
  readonly json: boolean;
  readonly names: readonly string[];
  readonly fill: boolean;
  readonly dataDir: string | undefined;
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d{1,8}$/.test(text) || value === 0) throw new Error(`--${name} must be a whole number.`);
  return value;
}

const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]):\d{1,5}$/;

function readAgainst(
  command: string,
  { url, dataDir }: { readonly url: string; readonly dataDir: string | undefined },
): Against {
  if (!LOOPBACK.test(url)) {
    throw new Error('--against-url must be http, a loopback address and a port: load stays here.');
  }
  return { command, url, dataDir };
}

/** @returns `undefined` when only help is wanted */
function readTask(signal: AbortSignal): Task | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      threads: { type: 'string' },
      messages: { type: 'string' },
      fill: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      'cpu-profile': { type: 'string' },
      against: { type: 'string' },
      'against-url': { type: 'string', default: AGAINST_URL },
      'against-data': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined) throw new Error(`There is no measurement "${unknown}"; try --help.`);
  if (values.help) return undefined;
  const { against: command, 'against-url': url, 'against-data': dataDir } = values;
  const defaults = command === undefined ? DEFAULTS : ['against'];
  const usual = values.fill ? FILLED : SENT;
  return {
    threads: count('threads', values.threads ?? usual.threads),
    messages: count('messages', values.messages ?? usual.messages),
    fill: values.fill,
    dataDir: values['data-dir'],
    profileDir: values['cpu-profile'],
    against: command === undefined ? undefined : readAgainst(command, { url, dataDir }),
    json: values.json,
    names: positionals.length === 0 ? defaults : positionals,
    progress: (message) => console.error(`… ${message}`),
    signal,
  };
}

async function run(task: Task): Promise<void> {
  const all: Section[] = [];
  const measures = task.fill ? [measureFilled] : task.names.map((name) => MEASUREMENTS[name]);
  for (const measure of measures) {
    const sections = (await measure?.(task)) ?? [];
    all.push(...sections);
    if (!task.json) for (const section of sections) console.log(`\n${renderSection(section)}`);
  }
  if (task.json) console.log(JSON.stringify({ sections: all }, null, 2));
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}
try {
  const task = readTask(interruption.signal);
  if (task === undefined) console.log(USAGE);
  else await run(task);
} catch (error) {
  const { aborted } = interruption.signal;
  console.error(aborted ? 'Stopped.' : error instanceof Error ? error.message : String(error));
  process.exitCode = aborted ? INTERRUPTED : 1;
}
