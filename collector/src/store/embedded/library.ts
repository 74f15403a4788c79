import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

import { ColloquyError } from '../../errors.js';

/**
 * The only version that is known to work: `SYSTEM START LISTEN` came with 26.7, and the library
 * keeps no promise about the C entry point we call.
 */
export const LIBRARY_VERSION = '26.7.3-stable.1';

const manifestSchema = z.object({ version: z.string().optional() });

const PACKAGES = new Map([
  ['linux-x64', '@chdb/lib-linux-x64-gnu'],
  ['linux-arm64', '@chdb/lib-linux-arm64-gnu'],
  ['darwin-x64', '@chdb/lib-darwin-x64'],
  ['darwin-arm64', '@chdb/lib-darwin-arm64'],
]);

/** The machine as far as choosing a library needs it. */
export interface Platform {
  /** As in `process.platform`. */
  readonly os: string;
  /** As in `process.arch`. */
  readonly arch: string;
  /** False on musl, such as Alpine; of no meaning outside Linux. */
  readonly glibc: boolean;
}

/**
 * Names the npm package that holds ClickHouse for a platform. Pure.
 *
 * @throws ColloquyError `STARTUP_FAILED` where no package is published
 */
export function libraryPackage({ os, arch, glibc }: Platform): string {
  const name = PACKAGES.get(`${os}-${arch}`);
  if (name !== undefined && (os !== 'linux' || glibc)) return name;
  const here = os === 'linux' && !glibc ? `${os}-${arch} with musl` : `${os}-${arch}`;
  throw new ColloquyError(
    'STARTUP_FAILED',
    `The built-in ClickHouse does not exist for ${here}; set COLLOQUY_CLICKHOUSE_URL to the address of a ClickHouse server.`,
  );
}

/**
 * Finds the shared library of ClickHouse for this machine.
 *
 * @param resolve - finds a module's file, as `require.resolve` does
 * @returns the absolute path of `libchdb.so`, which has the same name on every platform
 * @throws ColloquyError `STARTUP_FAILED` when it is absent, of another version, or not published
 */
export function findLibrary(
  platform: Platform = thisPlatform(),
  resolve: (id: string) => string = createRequire(import.meta.url).resolve,
): string {
  const name = libraryPackage(platform);
  const manifest = resolveManifest(name, resolve);
  const { version } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  if (version !== LIBRARY_VERSION) {
    throw new ColloquyError(
      'STARTUP_FAILED',
      `${name} is version ${version ?? 'unknown'} but ${LIBRARY_VERSION} is needed; run \`npm ci --include=optional\` or set COLLOQUY_CLICKHOUSE_URL.`,
    );
  }
  return join(dirname(manifest), 'libchdb.so');
}

function resolveManifest(name: string, resolve: (id: string) => string): string {
  try {
    return resolve(`${name}/package.json`);
  } catch (cause) {
    throw new ColloquyError(
      'STARTUP_FAILED',
      `The built-in ClickHouse is not installed (${name} is missing); run \`npm install --include=optional\` or set COLLOQUY_CLICKHOUSE_URL.`,
      { cause },
    );
  }
}

function thisPlatform(): Platform {
  const { platform: os, arch } = process;
  return { os, arch, glibc: os === 'linux' && hasGlibc() };
}

function hasGlibc(): boolean {
  // The report is the one place where Node tells its C library; its type is only `object`.
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
