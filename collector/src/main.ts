#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { DEAD_LETTERS_USAGE, deadLetters } from './cli/dead-letters.js';
import { doctor, DOCTOR_USAGE } from './cli/doctor.js';
import { erase, ERASE_USAGE } from './cli/erase.js';
import { keys, KEYS_USAGE } from './cli/keys.js';
import { masking, MASKING_USAGE } from './cli/masking.js';
import { projects, PROJECTS_USAGE } from './cli/projects.js';
import { rebuild, REBUILD_USAGE } from './cli/rebuild.js';
import { retention, RETENTION_USAGE } from './cli/retention.js';
import { describeOptions, readConfig } from './config.js';
import { ColloquyError } from './errors.js';
import { greet } from './greeting.js';
import { startService } from './service.js';

const USAGE = `Colloquy takes in OpenTelemetry and gives back conversations.

Usage: colloquy [serve] [options]
       colloquy doctor [options]    tells what keeps conversations from coming out right
       colloquy keys [options]      makes, lists and revokes keys
       colloquy masking [options]   shows, sets and tries what is masked before it is stored
       colloquy projects [options]  makes and lists projects
       colloquy rebuild [options]   runs the rules of this version over what is stored
       colloquy dead-letters ...    shows and replays what could not be stored
       colloquy erase <what> <id>   erases a thread, user or project for good
       colloquy retention [options] shows or sets how long threads are kept

${describeOptions()}

  --help      Show this text.
  --version   Show the version.
`;

function version(): string {
  const { version: found } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return found;
}

/** How often to look whether npm, which started us, is still there. */
const PARENT_CHECK_MS = 500;

/** npm that is killed cannot pass the signal on; without this we would live on unseen. */
function watchParent(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_CHECK_MS).unref();
}

/** With certificates there is an operator, who replaced them; without, a terminal was closed. */
function reload(reloadTls: () => void): void {
  try {
    reloadTls();
    console.log('The certificate was read again.');
  } catch (error) {
    console.error(describeFailure(error));
  }
}

async function serve(argv: readonly string[]): Promise<void> {
  const config = readConfig(argv, process.env);
  const service = await startService(config, (message) => console.error(message));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    console.log('Stopping.');
    service.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const { reloadTls } = service;
  process.on('SIGHUP', reloadTls === undefined ? stop : () => reload(reloadTls));
  watchParent(stop);
  console.log(greet(config, service));
}

/** A wrong flag or a foreseen failure is one sentence; anything else shows where it came from. */
function describeFailure(error: unknown): unknown {
  if (error instanceof ColloquyError) return error.message;
  const isUsage =
    error instanceof TypeError &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS');
  return isUsage ? `${error.message.split('\n')[0]} Try --help.` : error;
}

interface Command {
  readonly usage: string;
  /** Gives the exit code, or nothing when it goes on running. */
  readonly run: (argv: readonly string[]) => Promise<number | void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { usage: USAGE, run: serve },
  doctor: { usage: DOCTOR_USAGE, run: doctor },
  keys: { usage: KEYS_USAGE, run: keys },
  masking: { usage: MASKING_USAGE, run: masking },
  projects: { usage: PROJECTS_USAGE, run: projects },
  rebuild: { usage: REBUILD_USAGE, run: rebuild },
  'dead-letters': { usage: DEAD_LETTERS_USAGE, run: deadLetters },
  erase: { usage: ERASE_USAGE, run: erase },
  retention: { usage: RETENTION_USAGE, run: retention },
};

const [first = '', ...rest] = process.argv.slice(2);
const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
const { usage, run } = named ?? { usage: USAGE, run: serve };
const argv = named === undefined ? process.argv.slice(2) : rest;
if (argv.includes('--help') || argv.includes('-h')) {
  console.log(usage);
} else if (argv.includes('--version')) {
  console.log(version());
} else {
  try {
    const code = await run(argv);
    if (code !== undefined) process.exit(code);
  } catch (error) {
    console.error(describeFailure(error));
    process.exit(1);
  }
}
