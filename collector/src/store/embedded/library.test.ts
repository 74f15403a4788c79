import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryFolder } from './engine-fixture.js';
import { findLibrary, LIBRARY_VERSION, libraryPackage } from './library.js';

const notFound = (): never => {
  throw new Error('not found');
};
const LINUX = { os: 'linux', arch: 'x64', glibc: true };

test.each([
  [LINUX, '@chdb/lib-linux-x64-gnu'],
  [{ ...LINUX, arch: 'arm64' }, '@chdb/lib-linux-arm64-gnu'],
  [{ os: 'darwin', arch: 'arm64', glibc: false }, '@chdb/lib-darwin-arm64'],
])('%o is served by %s', (platform, name) => {
  expect(libraryPackage(platform)).toBe(name);
});

test.each([
  [{ ...LINUX, glibc: false }, 'linux-x64 with musl'],
  [{ os: 'win32', arch: 'x64', glibc: false }, 'win32-x64'],
])('%o is told to use a server', (platform, here) => {
  expect(() => libraryPackage(platform)).toThrow(
    `The built-in ClickHouse does not exist for ${here}; set COLLOQUY_CLICKHOUSE_URL to the address of a ClickHouse server.`,
  );
});

test('a missing package is named, with both ways out', () => {
  expect(() => findLibrary(LINUX, notFound)).toThrow(
    'The built-in ClickHouse is not installed (@chdb/lib-linux-x64-gnu is missing); run `npm install --include=optional` or set COLLOQUY_CLICKHOUSE_URL.',
  );
});

test('another version is refused', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'package.json'), '{"version":"26.5.3"}');
  expect(() => findLibrary(LINUX, () => join(folder, 'package.json'))).toThrow(
    `@chdb/lib-linux-x64-gnu is version 26.5.3 but ${LIBRARY_VERSION} is needed`,
  );
});
