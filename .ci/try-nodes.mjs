// Runs the tests of the packages that are published on other versions of Node, as npm's `node` package
// brings them; says so of a version that cannot be had or does not start here. Needs what `tsc -b` built.
// node .ci/try-nodes.mjs [version...]
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const VERSIONS = ['20.19.0', '22', '24'];

const onNode = (version, args, cwd = ROOT) =>
  spawnSync('npx', ['-y', `node@${version}`, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });

const folders = readdirSync(join(ROOT, 'instrumentation'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join(ROOT, 'instrumentation', name))
  .filter((folder) => !JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private);

for (const version of process.argv.length > 2 ? process.argv.slice(2) : VERSIONS) {
  const { status, stdout, stderr } = onNode(version, ['--version']);
  if (status !== 0) {
    console.log(`Node ${version} is not tried: it cannot be had here.\n${stderr}`);
    continue;
  }
  console.log(`Node ${stdout.trim()}`);
  for (const folder of folders) {
    const run = onNode(version, [VITEST, 'run', '--dir', 'src', '--passWithNoTests'], folder);
    const counts = /^ +Tests +(.*)$/m.exec(run.stdout)?.[1] ?? 'no tests';
    console.log(
      `  ${run.status === 0 ? 'ok  ' : 'FAIL'} ${folder.slice(ROOT.length + 1)}: ${counts}`,
    );
    if (run.status === 0) continue;
    console.log(`${run.stdout}${run.stderr}`);
    process.exitCode = 1;
  }
}
