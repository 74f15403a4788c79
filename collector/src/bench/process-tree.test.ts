import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { listenerOn, processTree, treeCpuSeconds, treePeakMemory } from './process-tree.js';

const SERVER = `require('node:http').createServer().listen(0, '127.0.0.1', function () {
  const end = Date.now() + 200;
  while (Date.now() < end);
  console.log(this.address().port, process.pid);
})`;

/** A shell whose child listens, as a command of `--against` may be. */
async function withServer(use: (root: number, port: number, pid: number) => void): Promise<void> {
  const script = '"$0" -e "$1" & wait';
  const shell = spawn('sh', ['-c', script, process.execPath, SERVER], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const root = shell.pid ?? 0;
  const ended = once(shell, 'exit');
  try {
    const [line] = (await once(createInterface({ input: shell.stdout }), 'line')) as [string];
    const [port = 0, pid = 0] = line.split(' ').map(Number);
    use(root, port, pid);
  } finally {
    process.kill(-root, 'SIGKILL');
    await ended;
  }
}

describe.skipIf(process.platform !== 'linux')('the process tree', () => {
  it('counts what a command started, and finds who listens', async () => {
    await withServer((root, port, pid) => {
      expect(processTree(root)).toEqual([root, pid]);
      expect(listenerOn(port, root)).toBe(pid);
      expect(listenerOn(port, process.pid)).toBe(pid);
      expect(treeCpuSeconds(root)).toBeGreaterThan(0.1);
      expect(treePeakMemory(root)).toBeGreaterThan(10_000_000);
    });
  });

  it('finds nothing where nobody listens', () => {
    expect(listenerOn(1, process.pid)).toBeUndefined();
  });
});
