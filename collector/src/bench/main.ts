import { parseArgs } from 'node:util';
import { renderSection, type Section } from './figures.js';
import { measureIngest } from './measure-ingest.js';
import { measureInstrumentation } from './measure-instrumentation.js';
import { measureQueries } from './measure-queries.js';
import { measureRebuild } from './measure-rebuild.js';
import { measureStages } from './measure-stages.js';
import { measureStorage } from './measure-storage.js';
import type { BenchOptions, Measure } from './measurement.js';

const MEASUREMENTS: Readonly<Record<string, Measure>> = {
  ingest: measureIngest,
  rebuild: measureRebuild,
  stages: measureStages,
  queries: measureQueries,
  storage: measureStorage,
  instrumentation: measureInstrumentation,
};

const USAGE = `Measures Colloquy on this machine: over loopback, in a temporary folder.

Usage: npm run bench [-- options] [measurement...]

  ${Object.keys(MEASUREMENTS).join(', ')}; all of them unless named.

  --threads <n>        Threads of 20 turns sent to measure the ingest, default 100.
  --messages <n>       Messages in the store when queries are measured, default 100000.
  --cpu-profile <dir>  Leave CPU profiles of the collector there.
  --json               Print JSON.
  --help               Show this text.
`;

const INTERRUPTED = 130;

interface Task extends BenchOptions {
  readonly json: boolean;
  readonly names: readonly string[];
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d{1,8}$/.test(text) || value === 0) throw new Error(`--${name} must be a whole number.`);
  return value;
}

/** @returns `undefined` when only help is wanted */
function readTask(signal: AbortSignal): Task | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      threads: { type: 'string', default: '100' },
      messages: { type: 'string', default: '100000' },
      'cpu-profile': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined) throw new Error(`There is no measurement "${unknown}"; try --help.`);
  if (values.help) return undefined;
  return {
    threads: count('threads', values.threads),
    messages: count('messages', values.messages),
    profileDir: values['cpu-profile'],
    json: values.json,
    names: positionals.length === 0 ? Object.keys(MEASUREMENTS) : positionals,
    progress: (message) => console.error(`… ${message}`),
    signal,
  };
}

async function run(task: Task): Promise<void> {
  const all: Section[] = [];
  for (const name of task.names) {
    const sections = (await MEASUREMENTS[name]?.(task)) ?? [];
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
