import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ErasureAnswer, ErasureCounts, ErasurePreviewAnswer } from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';
import { confirm } from './confirm.js';

export const ERASE_USAGE = `Erases a thread, a user or a project for good, from every table.

Usage: colloquy erase thread <id> [options]
       colloquy erase user <id> [options]
       colloquy erase project <id> [options]

  --url <url>   The collector to ask, default ${DEFAULT_URL}
  --yes         Do not ask

Shows what would go and asks; then shows how far it is, and what is left of it: nothing. What had begun
before and arrives later is kept out. Of threads with several users, one user's spans go.
`;

const KINDS: ReadonlySet<string> = new Set(['thread', 'user', 'project']);
const POLL_MS = 500;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What goes, in one line for each thing that there is to know. */
function describeCounts(counts: ErasureCounts): readonly string[] {
  const { threads, traces, spans, logs, contents } = counts;
  const what = [
    plural(threads, 'thread'),
    plural(traces, 'trace'),
    plural(spans, 'span'),
    plural(logs, 'log record'),
    plural(contents, 'message content'),
  ];
  return [
    what.join(', '),
    ...(counts.contents_kept > 0
      ? [
          `${plural(counts.contents_kept, 'message content')} stay: others have said or seen the same.`,
        ]
      : []),
    ...(counts.traces_named_elsewhere > 0
      ? [
          `${plural(counts.traces_named_elsewhere, 'trace')} stay: they name it, and belong to another thread.`,
        ]
      : []),
    ...(counts.shared_threads > 0
      ? [
          `${plural(counts.shared_threads, 'thread')} of several users: only this one's spans go, and what others' calls have seen stays.`,
        ]
      : []),
  ];
}

function printProof({ tables, rounds, counts, on_disk, erased_at }: ErasureAnswer): void {
  for (const line of counts === null ? [] : describeCounts(counts)) console.log(line);
  const width = Math.max(0, ...tables.map(({ table }) => table.length));
  console.log(`\n${'table'.padEnd(width)}  rows before  deleted  left`);
  for (const { table, before, deleted, left } of tables)
    console.log(
      `${table.padEnd(width)}  ${String(before).padStart(11)}  ${String(deleted).padStart(7)}  ${String(left).padStart(4)}`,
    );
  console.log(
    `\nCounted again after ${plural(rounds, 'round')}. What had begun before ${erased_at} is kept out.`,
  );
  if (on_disk.parts > 0)
    console.log(
      `ClickHouse removes ${plural(on_disk.parts, 'file set')} that it no longer reads within minutes.`,
    );
}

/** A line that writes over itself on a terminal, and is not written elsewhere. */
const showStep = (line: string): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${line}`);
};

/** Resolves with the proof. */
async function watchErasure(url: string, id: string): Promise<ErasureAnswer> {
  for (;;) {
    const response = await askCollector(url, `/erasures/${id}`);
    const erasure = (await response.json()) as ErasureAnswer;
    showStep(
      erasure.state === 'done'
        ? ''
        : `${erasure.step}${erasure.error === null ? '' : ` (${erasure.error})`}`,
    );
    if (erasure.state === 'done') return erasure;
    await sleep(POLL_MS);
  }
}

/**
 * Has a running collector erase, and shows the proof.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, or it refuses
 */
export async function erase(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      yes: { type: 'boolean', default: false },
    },
  });
  const [kind = '', id = '', ...rest] = positionals;
  if (!KINDS.has(kind) || id === '' || rest.length > 0)
    throw new ColloquyError(
      'STARTUP_FAILED',
      'Say what to erase: thread <id>, user <id> or project <id>.',
    );
  const post = (body: object): Promise<Response> =>
    askCollector(values.url, '/erasures', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const preview = (await (await post({ [kind]: id })).json()) as ErasurePreviewAnswer;
  console.log(`Of this ${kind}:`);
  for (const line of describeCounts(preview.counts)) console.log(`  ${line}`);
  for (const thread of preview.shared_threads) console.log(`    ${thread}`);
  if (!values.yes && !(await confirm('Erase it for good?'))) {
    console.log('Nothing was erased. --yes does it without asking.');
    return 1;
  }
  const asked = (await (
    await post({ [kind]: id, confirm: preview.confirm })
  ).json()) as ErasureAnswer;
  console.log(`Erasure ${asked.erasure_id}\n`);
  printProof(await watchErasure(values.url, asked.erasure_id));
  return 0;
}
