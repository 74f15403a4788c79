import { parseArgs } from 'node:util';
import { projectListShape, projectShape } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';
import { renderTable } from './render-table.js';

export const PROJECTS_USAGE = `Makes and lists projects. Each has keys, threads and settings of its own.

Usage: colloquy projects create <id> [--name <name>]
       colloquy projects list [--json]

  --url <url>    The collector to ask, default ${DEFAULT_URL}
  --json         The answer as JSON

Once there are keys, this takes one to all projects in COLLOQUY_API_KEY. The project "default" is always there.
`;

/**
 * Asks a running collector to make or list projects, and prints what it answers.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, or it refuses
 */
export async function projects(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      json: { type: 'boolean', default: false },
      name: { type: 'string' },
    },
    allowPositionals: true,
  });
  const [verb, id] = positionals;
  if (verb === 'create' && id !== undefined) console.log(await create(values, id));
  else if (verb === 'list') console.log(await list(values));
  else throw new ColloquyError('STARTUP_FAILED', 'Say create <id>, or list. Try --help.');
  return 0;
}

interface Values {
  readonly url: string;
  readonly json: boolean;
  readonly name?: string | undefined;
}

async function create({ url, json, name }: Values, id: string): Promise<string> {
  const response = await askCollector(url, '/projects', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project_id: id, name }),
  });
  const made = projectShape.parse(await response.json());
  return json ? JSON.stringify(made, undefined, 2) : `Project ${made.project_id} is there.`;
}

async function list({ url, json }: Values): Promise<string> {
  const answer = projectListShape.parse(await (await askCollector(url, '/projects')).json());
  if (json) return JSON.stringify(answer, undefined, 2);
  return renderTable(
    ['PROJECT', 'NAME', 'MADE'],
    answer.projects.map(({ project_id, name, created_at }) => [
      project_id,
      name,
      created_at?.slice(0, 10) ?? '',
    ]),
  );
}
