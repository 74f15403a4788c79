import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as semconv from './semconv.js';
import { VERSION } from './version.js';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('the README lists every attribute of ours', () => {
  const listed = [
    ...read('README.md').matchAll(/^\| `(colloquy\.[^`<]*[^`<.])(?:\.<key>)?`/gm),
  ].map(([, name]) => name);
  const own = Object.values(semconv).filter((name) => name.startsWith('colloquy.'));
  expect(new Set(listed)).toEqual(new Set(own));
});

test('the version is that of the package', () => {
  expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});
