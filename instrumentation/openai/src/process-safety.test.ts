import { runProgram, type Loading } from '@colloquy/fake-provider';
import { describe, expect, test, vi } from 'vitest';
import { MAJORS } from './testing/majors.js';
import { LOGGED, OPEN_STREAMS, UNHANDLED } from './testing/safety-programs.js';

const FOLDER = new URL('..', import.meta.url).pathname;
const STREAMS = 10_000;
const WARM_UP = 500;

// Processes start slowly where many run.
vi.setConfig({ testTimeout: 60_000 });

interface Heap {
  readonly held: number;
  readonly left: number;
  readonly endedEarly: number;
  readonly started: number;
  readonly ended: number;
  readonly cancelled: number;
}

const nameOf = (major: string): string => (major === '6' ? 'openai' : `openai${major}`);
/** Version 4 finds its own parts by its own name, which here is that of another. */
const loadingOf = (major: string): Loading => (major === '4' ? 'require' : 'import');

describe.each(MAJORS)('a process with version %s', (major) => {
  const run = (program: string, recorded: 'yes' | 'no'): Promise<unknown> =>
    runProgram(program, {
      loading: loadingOf(major),
      folder: FOLDER,
      env: { SDK: nameOf(major), RECORDED: recorded, STREAMS: String(STREAMS) },
    });

  test('hears of the same failures that nobody has handled', async () => {
    const [recorded, bare] = await Promise.all([run(UNHANDLED, 'yes'), run(UNHANDLED, 'no')]);
    expect(bare).toHaveProperty('create', ['InternalServerError']);
    expect(recorded).toEqual(bare);
  });

  test('is told once, whatever goes wrong', async () => {
    await expect(run(LOGGED, 'yes')).resolves.toEqual([
      expect.stringMatching(/^colloquy: recording failed; .*\n$/),
    ]);
  });
});

test('ten thousand open streams take up little, and nothing when they are dropped', async () => {
  const run = async (recorded: 'yes' | 'no'): Promise<Heap> =>
    (await runProgram(OPEN_STREAMS, {
      loading: 'import',
      folder: FOLDER,
      env: { SDK: 'openai', RECORDED: recorded, STREAMS: String(STREAMS) },
    })) as Heap;
  const bare = await run('no');
  const recorded = await run('yes');
  expect((recorded.held - bare.held) / STREAMS).toBeLessThan(8_000);
  expect(recorded.left).toBeLessThan(bare.left + 3_000_000);
  expect(recorded).toMatchObject({
    endedEarly: 0,
    started: STREAMS + WARM_UP,
    ended: STREAMS + WARM_UP,
    cancelled: STREAMS + WARM_UP,
  });
});
