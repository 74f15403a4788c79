#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { describeOptions, readConfig } from './config.js';
import { ColloquyError } from './errors.js';
import { greet } from './greeting.js';
import { startService } from './service.js';

const USAGE = `Colloquy takes in OpenTelemetry and gives back conversations.

Usage: colloquy [serve] [options]

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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  watchParent(stop);
  console.log(greet(config, service));
}

const [first, ...rest] = process.argv.slice(2);
const argv = first === 'serve' ? rest : process.argv.slice(2);
if (argv.includes('--help') || argv.includes('-h')) {
  console.log(USAGE);
} else if (argv.includes('--version')) {
  console.log(version());
} else {
  try {
    await serve(argv);
  } catch (error) {
    console.error(error instanceof ColloquyError ? error.message : error);
    process.exit(1);
  }
}
