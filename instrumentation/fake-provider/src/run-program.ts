import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** How a program loads modules; OpenTelemetry patches each in its own way. */
export type Loading = 'import' | 'require';

const LOAD: Readonly<Record<Loading, string>> = {
  import: 'const load = (name) => import(name);',
  require: 'const load = async (name) => require(name);',
};

/** What `node --import` is given where modules are to be patched as they are imported. */
const hook = (parent: string): string =>
  `data:text/javascript,import{register}from"node:module";` +
  `register("@opentelemetry/instrumentation/hook.mjs",${JSON.stringify(parent)})`;

/**
 * Runs a program in a process of its own, with OpenTelemetry's loader, and gives the JSON that it prints.
 *
 * @param body - JavaScript; it has `load(name)`, which imports or requires a module
 * @param folder - where its modules are looked for
 */
export async function runProgram(
  body: string,
  { loading, folder, env }: { loading: Loading; folder: string; env: NodeJS.ProcessEnv },
): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...(loading === 'import' ? ['--import', hook(`${pathToFileURL(folder).href}/`)] : []),
      `--input-type=${loading === 'import' ? 'module' : 'commonjs'}`,
      '--eval',
      `${LOAD[loading]} (async () => {${body}})();`,
    ],
    { cwd: folder, env: { ...process.env, ...env } },
  );
  return JSON.parse(stdout) as unknown;
}
