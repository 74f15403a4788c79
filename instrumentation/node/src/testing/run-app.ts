import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** An application that has come to its end. */
export interface EndedApp {
  readonly stdout: string;
  readonly stderr: string;
  /** `0`, or the name of the signal that ended it. */
  readonly ending: number | NodeJS.Signals | null;
  /** From its last word on. */
  readonly endedAfterMs: number;
}

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs an application with `node --import @colloquy/node`.
 *
 * @param program - JavaScript module; what it writes last tells that its own work is done
 * @param signal - sent when it has said its first word
 */
export async function runApp(
  program: string,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal?: NodeJS.Signals },
): Promise<EndedApp> {
  const app = spawn(
    process.execPath,
    ['--import', '@colloquy/node', '--input-type=module', '--eval', program],
    { cwd: FOLDER, env: { ...process.env, ...env } },
  );
  let lastWord = performance.now();
  app.stdout.on('data', () => (lastWord = performance.now()));
  if (signal !== undefined) app.stdout.once('data', () => app.kill(signal));
  const [stdout, stderr] = [text(app.stdout), text(app.stderr)];
  const [code, ended] = (await once(app, 'exit')) as [number | null, NodeJS.Signals | null];
  const endedAfterMs = performance.now() - lastWord;
  return { stdout: await stdout, stderr: await stderr, ending: code ?? ended, endedAfterMs };
}
