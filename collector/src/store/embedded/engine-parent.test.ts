import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { eventually, isAlive, temporaryFolder } from './engine-fixture.js';

const child = createRequire(import.meta.url).resolve('#engine-child');
const engineUrl = new URL('engine.js', pathToFileURL(child)).href;

/** Prints the engine's process id; on SIGINT asks a query, prints its status, stops and ends. */
const PROGRAM = `
import { startEngine } from '${engineUrl}';
const engine = await startEngine({ dataDir: process.argv[1], httpPort: 0 });
process.on('SIGINT', async () => {
  const login = { 'X-ClickHouse-User': engine.username, 'X-ClickHouse-Key': engine.password };
  const answer = await fetch(engine.url + '/?query=SELECT+1', { headers: login });
  console.log(answer.status);
  await engine.stop();
});
console.log(engine.pid);
`;

interface Parent {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  readonly pid: number;
  readonly enginePid: number;
  readonly lines: AsyncIterator<string>;
}

async function startParent(): Promise<Parent> {
  const dataDir = await temporaryFolder();
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const lines = createInterface(parent.stdout)[Symbol.asyncIterator]();
  const { value } = await lines.next();
  const enginePid = Number(value);
  expect(isAlive(enginePid)).toBe(true);
  return { process: parent, pid: parent.pid ?? 0, enginePid, lines };
}

test('a parent that is killed leaves no engine behind', async () => {
  const parent = await startParent();
  parent.process.kill('SIGKILL');
  expect(await eventually(() => !isAlive(parent.enginePid), 2_000)).toBe(true);
});

test('Ctrl-C in the terminal leaves the engine to the parent', async () => {
  const parent = await startParent();
  const exited = once(parent.process, 'exit');
  process.kill(-parent.pid, 'SIGINT');
  expect((await parent.lines.next()).value).toBe('200');
  expect(await exited).toEqual([0, null]);
  expect(isAlive(parent.enginePid)).toBe(false);
});
