import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type MaskingAnswer,
  type MaskingPreview,
  maskingPreviewShape,
  maskingShape,
} from '@colloquy/schema';
import { ColloquyError } from '../errors.js';
import { askCollector, DEFAULT_URL } from './ask-collector.js';

export const MASKING_USAGE = `Takes secrets and what tells of people out of texts, before anything is stored.

Usage: colloquy masking show             the settings, and what they did
       colloquy masking set <file>       sets them, from now on; {} switches masking off
       colloquy masking preview [file]   what they, or those of a file, would do to the newest messages

  --url <url>         The collector to ask, default ${DEFAULT_URL}
  --messages <count>  How many messages to try, default 200
  --json              The answer as JSON

A file of settings is JSON; what is left out is off or as shown here:

  {
    "detectors": ["key", "email", "iban", "card", "phone", "ip"],
    "patterns": [{ "name": "customer", "pattern": "\\\\bK-\\\\d{6}\\\\b" }],
    "replacement": "pseudonym",
    "ids": "keep"
  }

Replacements are pseudonyms, as [EMAIL_3f2a9c04d1b7], or a "label", as [EMAIL]. Ids of users and threads
stay unless "ids" is "mask". Patterns are regular expressions as RE2 takes them.
`;

const listCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'nothing';

function renderSettings({ settings, masked }: MaskingAnswer): string {
  return `${JSON.stringify(settings, undefined, 2)}\n\nMasked since the collector started: ${listCounts(masked)}.`;
}

/** The preview as people read it. Pure. */
function renderPreview(preview: MaskingPreview): string {
  const { messages_read, messages_changed, messages_left_out, found, examples } = preview;
  const leftOut =
    messages_left_out === 0 ? '' : ` ${messages_left_out} more were too much to read.`;
  const head = `${messages_changed} of ${messages_read} messages would be changed: ${listCounts(found)}.${leftOut}`;
  const shown = examples.map(
    ({ found_by, thread_id, role, before, after }) =>
      `\n${found_by}, ${role} in ${thread_id}\n  - ${JSON.stringify(before)}\n  + ${JSON.stringify(after)}`,
  );
  return [head, ...shown].join('\n');
}

/** @throws ColloquyError `STARTUP_FAILED` naming the file and what is wrong with it */
function readSettings(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ColloquyError('STARTUP_FAILED', `Settings cannot be read from ${file}: ${reason}.`, {
      cause: error,
    });
  }
}

const send = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * Asks a running collector to show, set or try what a project has masked, and prints what it answers.
 *
 * @returns the exit code
 * @throws ColloquyError when no collector answers, or it refuses
 */
export async function masking(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      messages: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const { url, json, messages } = values;
  const [verb, file] = positionals;
  if (verb === 'preview') {
    const trial = {
      messages: Number(messages),
      ...(file !== undefined && { settings: readSettings(file) }),
    };
    const response = await askCollector(url, '/masking/preview', send('POST', trial));
    const preview = maskingPreviewShape.parse(await response.json());
    console.log(json ? JSON.stringify(preview, undefined, 2) : renderPreview(preview));
    return 0;
  }
  const isSet = verb === 'set' && file !== undefined;
  if (!isSet && verb !== 'show')
    throw new ColloquyError(
      'STARTUP_FAILED',
      'Say show, set <file>, or preview [file]. Try --help.',
    );
  const request = isSet ? send('PUT', readSettings(file)) : {};
  const answer = maskingShape.parse(await (await askCollector(url, '/masking', request)).json());
  console.log(json ? JSON.stringify(answer, undefined, 2) : renderSettings(answer));
  return 0;
}
