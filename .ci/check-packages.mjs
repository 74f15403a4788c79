// Packs every package that is published, and checks what npm would serve: that it holds what it should
// and no tests, that publint and attw find nothing, and that what is unpacked loads by `import` and by
// `require`. Needs what `tsc -b` built.
import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);

const REQUIRED = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const FORBIDDEN = /\.test|(^|\/)testing\/|\.tsbuildinfo$|^(?!dist\/).*\.ts$/;
/** Of each package; where its source is kept is not decided. */
const FIELDS = ['description', 'keywords', 'license', 'files', 'exports', 'engines', 'sideEffects'];

async function findPackages() {
  const folders = (await readdir(join(ROOT, 'instrumentation'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(ROOT, 'instrumentation', name));
  const packages = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      manifest: JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')),
    })),
  );
  return packages.filter(({ manifest }) => manifest.private !== true);
}

const license = await readFile(join(ROOT, 'LICENSE'), 'utf8');

/** What the tarball holds that it should not, and what it lacks. */
async function checkFiles({ folder, manifest }, paths) {
  const entries = Object.values(manifest.exports).flatMap((entry) => Object.values(entry));
  const needed = [...REQUIRED, ...entries.map((path) => path.replace('./', ''))];
  const own = await readFile(join(folder, 'LICENSE'), 'utf8').catch(() => '');
  return [
    ...needed.filter((path) => !paths.includes(path)).map((path) => `lacks ${path}`),
    ...paths.filter((path) => FORBIDDEN.test(path)).map((path) => `holds ${path}`),
    ...FIELDS.filter((name) => manifest[name] === undefined).map((name) => `tells no ${name}`),
    ...(own === license ? [] : ['its LICENSE is not that of the repository']),
  ];
}

const PUBLINT = fileURLToPath(new URL('cli.js', import.meta.resolve('publint')));
const ATTW = fileURLToPath(
  new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')),
);

/** What a program of Node complains about; empty when it is content. */
async function complaints(args, options = {}) {
  try {
    await run(process.execPath, args, { cwd: ROOT, ...options });
    return [];
  } catch ({ stdout, stderr }) {
    return [`${args.at(-1)}\n${stdout}${stderr}`];
  }
}

const LOAD = `
  const names = (module) => Object.keys(module).filter((name) => name !== '__esModule').sort().join();
  const required = require(process.argv[1]);
  import(process.argv[1]).then((imported) => {
    if (names(required) !== names(imported)) throw new Error('import and require differ');
    if (required !== imported) throw new Error('import and require give two copies');
  });
`;

/** Loads every entry of a package as it was unpacked, by `import` and by `require`. */
const checkLoading = ({ manifest }, cwd) =>
  Promise.all(
    Object.keys(manifest.exports).map((entry) =>
      complaints(['--eval', LOAD, join(manifest.name, entry)], {
        cwd,
        env: { ...process.env, OTEL_SDK_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
      }),
    ),
  );

async function pack(one, scratch) {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', scratch], {
    cwd: one.folder,
  });
  const [{ filename, files }] = JSON.parse(stdout);
  const unpacked = join(scratch, 'node_modules', one.manifest.name);
  await mkdir(unpacked, { recursive: true });
  const tarball = join(scratch, filename);
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  return { ...one, tarball, paths: files.map(({ path }) => path) };
}

const checkOne = async (one, scratch) =>
  [
    await checkFiles(one, one.paths),
    await complaints([PUBLINT, '--strict', one.tarball]),
    await complaints([ATTW, '--profile', 'esm-only', one.tarball]),
    ...(await checkLoading(one, scratch)),
  ].flat();

// Below the root, so that what was unpacked finds what it depends on.
const scratch = await mkdtemp(join(ROOT, '.packages-'));
try {
  const packed = [];
  for (const one of await findPackages()) packed.push(await pack(one, scratch));
  for (const one of packed) {
    const found = await checkOne(one, scratch);
    console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${one.manifest.name}`);
    for (const complaint of found) console.log(`     ${complaint}`);
    if (found.length > 0) process.exitCode = 1;
  }
} finally {
  await rm(scratch, { recursive: true });
}
