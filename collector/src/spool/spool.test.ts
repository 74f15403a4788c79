import { appendFile, mkdtemp, open, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from './frame.js';
import type { Position } from './position.js';
import { readSpool, type SpooledRequest } from './reader.js';
import { listSegments, segmentPath } from './segment.js';
import { Spool, type SpoolOptions } from './spool.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openSpool = (options: Partial<SpoolOptions> = {}): Promise<Spool> =>
  Spool.open({
    folder,
    maxBytes: 1e9,
    reserveBytes: 0,
    segmentBytes: 500,
    readers: ['store'],
    ...options,
  });

const request = (name: string, bytes = 40): Frame => ({
  projectId: 'shop',
  signal: 'traces',
  encoding: 'protobuf',
  items: 1,
  receivedAt: 1_700_000_000_000,
  body: Buffer.from(name.padEnd(bytes, '.')),
});

const nameOf = ({ body }: Frame): string => body.toString().replaceAll('.', '');

interface Read {
  readonly names: readonly string[];
  readonly requests: readonly SpooledRequest[];
  readonly damaged: readonly Position[];
}

/** Everything that is there now, from where the reader stands. */
async function readAll(spool: Spool, reader = 'store'): Promise<Read> {
  const ending = new AbortController();
  const requests: SpooledRequest[] = [];
  const damaged: Position[] = [];
  const options = {
    from: spool.cursor(reader),
    signal: ending.signal,
    onDamage: (position: Position) => damaged.push(position),
  };
  const reading = readSpool(spool, options);
  for (;;) {
    const idle = new Promise<undefined>((resolve) => setTimeout(resolve, 50, undefined));
    const result = await Promise.race([reading.next(), idle]);
    if (result === undefined || result.done === true) break;
    requests.push(result.value);
  }
  ending.abort();
  return { requests, damaged, names: requests.map(({ frame }) => nameOf(frame)) };
}

const namesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `r${index}`);

const appendAll = (spool: Spool, names: readonly string[]): Promise<unknown> =>
  Promise.all(names.map((name) => spool.append(request(name))));

describe('what was appended', () => {
  test('is read in its order, over many segments, as it was', async () => {
    const spool = await openSpool();
    await appendAll(spool, namesOf(100));
    await spool.append(request('last'));
    const { names, requests } = await readAll(spool);
    expect(names).toEqual([...namesOf(100), 'last']);
    expect(requests[0]?.frame).toEqual(request('r0'));
    expect((await listSegments(folder)).length).toBeGreaterThan(1);
    await spool.close();
  });

  test('is there after the process was lost, and numbers go on', async () => {
    const lost = await openSpool();
    await appendAll(lost, namesOf(20));
    await lost.close();
    const spool = await openSpool();
    await spool.append(request('new'));
    expect((await readAll(spool)).names).toEqual([...namesOf(20), 'new']);
    await spool.close();
  });

  test('comes to a reader that waits for it', async () => {
    const spool = await openSpool();
    const ending = new AbortController();
    const reading = readSpool(spool, {
      from: spool.cursor('store'),
      signal: ending.signal,
      onDamage: () => undefined,
    });
    const next = reading.next();
    await spool.append(request('late'));
    const { value } = await next;
    expect(value !== undefined && 'frame' in value && nameOf(value.frame)).toBe('late');
    const end = reading.next();
    ending.abort();
    expect(await end).toMatchObject({ done: true });
    await spool.close();
  });
});

describe('what was read', () => {
  test('is not read again once it is committed, and its segments go', async () => {
    const spool = await openSpool();
    await appendAll(spool, namesOf(30));
    const { requests } = await readAll(spool);
    const half = requests[14]?.next ?? spool.end;
    await spool.commit('store', half);
    expect((await readAll(spool)).names).toEqual(namesOf(30).slice(15));
    await spool.close();
    const next = await openSpool();
    expect((await readAll(next)).names).toEqual(namesOf(30).slice(15));
    await next.commit('store', next.end);
    expect(await listSegments(folder)).toEqual([]);
    await next.append(request('after'));
    expect((await readAll(next)).names).toEqual(['after']);
    await next.commit('store', next.end);
    await next.close();
    expect(await listSegments(folder)).toEqual([]);
  });

  test('stays for the slower of two readers', async () => {
    const spool = await openSpool({ readers: ['store', 'forward'] });
    await appendAll(spool, namesOf(30));
    await spool.commit('store', spool.end);
    expect((await readAll(spool)).names).toEqual([]);
    expect((await readAll(spool, 'forward')).names).toEqual(namesOf(30));
    await spool.close();
    const alone = await openSpool();
    expect(await listSegments(folder)).toEqual([]);
    await alone.close();
  });
});

describe('a spool', () => {
  test('pushes back when it is full, and takes requests again once they are read', async () => {
    const spool = await openSpool({ maxBytes: 2_000 });
    let taken = 0;
    await expect(
      (async () => {
        for (;;) {
          await spool.append(request(`r${taken}`));
          taken += 1;
        }
      })(),
    ).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    expect(taken).toBeGreaterThan(5);
    expect((await readAll(spool)).names).toEqual(namesOf(taken));
    await spool.commit('store', spool.end);
    await spool.append(request('again'));
    expect((await readAll(spool)).names).toEqual(['again']);
    await spool.close();
  });

  test('leaves the last of the disk to ClickHouse', async () => {
    const spool = await openSpool({ reserveBytes: Number.MAX_SAFE_INTEGER });
    await expect(spool.append(request('a'))).rejects.toMatchObject({ code: 'DISK_FULL' });
    await spool.close();
  });

  test('is of one process', async () => {
    const spool = await openSpool();
    await expect(openSpool()).rejects.toMatchObject({ code: 'STARTUP_FAILED' });
    await spool.close();
    await (await openSpool()).close();
  });

  test('is not touched when a later version wrote it', async () => {
    const spool = await openSpool();
    await spool.append(request('a'));
    await spool.close();
    const [segment = 0] = await listSegments(folder);
    const file = await open(segmentPath(folder, segment), 'r+');
    await file.write(Buffer.of(2), 0, 1, 8);
    const { size } = await file.stat();
    await expect(openSpool()).rejects.toMatchObject({
      code: 'STARTUP_FAILED',
      message: expect.stringContaining('later version'),
    });
    expect((await file.stat()).size).toBe(size);
    await file.close();
  });
});

describe('damage', () => {
  const twoSegments = async (): Promise<string> => {
    const spool = await openSpool({ segmentBytes: 1e6 });
    await appendAll(spool, namesOf(10));
    await spool.close();
    const [segment = 0] = await listSegments(folder);
    return segmentPath(folder, segment);
  };

  test('cut anywhere, or with anything behind it, the last segment gives what is whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ maxLength: 64 }),
        async (share, garbage) => {
          await rm(folder, { recursive: true, force: true });
          const path = await twoSegments();
          const file = await open(path);
          const { size } = await file.stat();
          await file.close();
          const kept = Math.floor(size * share);
          await truncate(path, kept);
          await appendFile(path, garbage);
          const spool = await openSpool();
          const { names } = await readAll(spool);
          expect(names).toEqual(namesOf(names.length));
          expect(names.length).toBe(Math.max(0, Math.floor((kept - 16) / ((size - 16) / 10))));
          await spool.append(request('new'));
          expect((await readAll(spool)).names).toEqual([...names, 'new']);
          await spool.close();
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  }, 60_000);

  test('in the middle costs the request it is in, is told of, and the segment is kept', async () => {
    const path = await twoSegments();
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    const frame = (size - 16) / 10;
    await file.write(Buffer.from('?'), 0, 1, 16 + 4 * frame + frame - 3);
    await file.close();
    const spool = await openSpool();
    const { names, damaged } = await readAll(spool);
    expect(names).toEqual(namesOf(10).filter((name) => name !== 'r4'));
    expect(damaged).toEqual([{ segment: 1, offset: 16 + 4 * frame }]);
    await spool.commit('store', spool.end);
    expect(await readdir(folder)).toContain('1.damaged');
    await spool.close();
  });
});
