import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Play } from '../../../dist/recorder/play.js';

/** A command line assistant: one process for each question, its history in a home of its own. */
export interface Cli {
  /** Prepares the home of one conversation. */
  readonly prepare?: (home: string, play: Play) => void;
  readonly command: (question: Question) => { file: string; args: string[] };
  readonly environment: (play: Play, key: string) => Record<string, string>;
  /** The id that the assistant gave the conversation, out of what it printed. */
  readonly sessionId: (printed: string, question: Question) => string;
}

export interface Question {
  readonly text: string;
  /** The id that a new conversation should have. */
  readonly wantedId: string;
  /** The id of the conversation to go on with. */
  readonly resume: string | undefined;
  readonly play: Play;
}

const LIMIT_MS = 60_000;

function run(file: string, args: string[], home: string, env: Record<string, string>) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, TERM: 'dumb', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (printed += data.toString()));
    child.once('error', reject).once('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${file} ended with ${code}: ${printed.slice(-2000)}`));
    });
  });
}

/** Asks every question of the play, and prints which conversation got which id. */
export async function playCli(cli: Cli): Promise<void> {
  const play = JSON.parse(readFileSync(process.argv.at(-1) ?? '', 'utf8')) as Play;
  const homes = new Map<string, string>();
  const sessions: Record<string, { threadId: string; userId: string }> = {};
  try {
    for (const step of play.scenario.steps) {
      const key = step.thread ?? 'main';
      let home = homes.get(key);
      if (home === undefined) {
        home = mkdtempSync(join(tmpdir(), 'cli-'));
        homes.set(key, home);
        cli.prepare?.(home, play);
      }
      const index = String(Object.keys(sessions).length).padStart(12, '0');
      const question: Question = {
        text: step.user ?? '',
        wantedId: `5b1f3c7e-1111-4222-8333-${index}`,
        resume: sessions[key]?.threadId,
        play,
      };
      const { file, args } = cli.command(question);
      const printed = await run(file, args, home, cli.environment(play, key));
      sessions[key] ??= { threadId: cli.sessionId(printed, question), userId: '' };
    }
    console.log(JSON.stringify({ threads: sessions }));
  } finally {
    for (const home of homes.values()) rmSync(home, { recursive: true, force: true });
  }
}
