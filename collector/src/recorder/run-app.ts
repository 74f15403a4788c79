import { spawn, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { App } from '../producers/producer.js';
import type { Play } from './play.js';

const RECORDERS = fileURLToPath(new URL('../../recorders/', import.meta.url));
const EMITTER = fileURLToPath(new URL('../../dist/emitters/main.js', import.meta.url));
/** Where Python environments are made; a folder that several checkouts may share. */
const ENVIRONMENTS = process.env['COLLOQUY_PYTHON_ENVIRONMENTS'] ?? `${RECORDERS}python/.venv`;
const LIMIT_MS = 120_000;

/** The Python of an environment, which is made when it is missing. */
function pythonOf(environment: string): string {
  const folder = `${ENVIRONMENTS}/${environment}`;
  if (!existsSync(`${folder}/bin/python`)) {
    console.log(`installing the Python environment ${environment}`);
    execFileSync('python3', ['-m', 'venv', folder]);
    const requirements = `${RECORDERS}python/requirements/${environment}.txt`;
    execFileSync(`${folder}/bin/pip`, ['install', '-q', '-r', requirements], { stdio: 'inherit' });
  }
  return `${folder}/bin/python`;
}

/** The folder of a JavaScript package, its dependencies installed. */
function packageFolder(name: string): string {
  const folder = `${RECORDERS}javascript/${name}`;
  if (!existsSync(`${folder}/node_modules`)) {
    console.log(`installing the JavaScript package ${name}`);
    // Versions are pinned in the manifest; without a lock file, none of a registry's addresses is kept.
    const flags = ['--no-audit', '--no-fund', '--no-package-lock'];
    execFileSync('npm', ['install', ...flags], { cwd: folder, stdio: 'inherit' });
  }
  return folder;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** Without stack traces, recorded exceptions hold no path of this machine. */
const NODE_ARGS = ['--stack-trace-limit=0'];

function commandOf(app: App): Command {
  if ('python' in app) {
    const cwd = `${RECORDERS}python`;
    return { file: pythonOf(app.environment), args: [app.python, ...(app.args ?? [])], cwd };
  }
  if ('javascript' in app) {
    const args = [...NODE_ARGS, '--import', 'tsx', app.javascript, ...(app.args ?? [])];
    return { file: process.execPath, args, cwd: packageFolder(app.package) };
  }
  return { file: process.execPath, args: [...NODE_ARGS, EMITTER, app.emitter], cwd: RECORDERS };
}

/**
 * The settings that a play is run with, without those of whoever starts us and without what SDKs
 * tell of the machine.
 */
function environmentOf({ scenario }: Play): NodeJS.ProcessEnv {
  const foreign =
    /^(OTEL|TRACELOOP|OPENAI|ANTHROPIC|AI_SDK|LANG|LANGFUSE|LANGSMITH|LANGCHAIN|LMNR|GOOGLE|AWS|OPENINFERENCE)_/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOSTNAME: 'host',
    PYTHONDONTWRITEBYTECODE: '1',
    OTEL_NODE_RESOURCE_DETECTORS: 'none',
    OTEL_EXPERIMENTAL_RESOURCE_DETECTORS: '',
    // Numbered attributes of a long history pass the SDK's default of 128, which then drops the rest.
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2000',
    ...(scenario.valueLengthLimit !== undefined && {
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: String(scenario.valueLengthLimit),
    }),
  };
}

/**
 * Runs a producer's app in a process of its own; resolves when its telemetry has left.
 *
 * @returns what the app printed
 * @throws Error with the app's own error output when it fails or takes longer than two minutes
 */
export async function runApp(app: App, play: Play): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-play-'));
  try {
    const path = join(folder, 'play.json');
    await writeFile(path, JSON.stringify(play));
    return await runWithPlay(app, play, path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runWithPlay(app: App, play: Play, path: string): Promise<string> {
  const { file, args, cwd } = commandOf(app);
  const child = spawn(file, [...args, path], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(play),
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject).once('close', (status, signal) => resolve(status ?? signal));
  });
  const [printed, errors] = await output;
  if (code !== 0) throw new Error(`the app ended with ${code}:\n${printed}\n${errors}`);
  return printed;
}
