import type { Message } from '@colloquy/schema';
import type { Call } from './call.js';

/** Prompts are long, and the beginning tells them apart. */
const MAX_COMPARED = 4_000;
/** Two prompts that begin alike for this long are made from one template. */
const MIN_SHARED_START = 80;
/** Prompts that share this much are the same but for what changes in them: a date, a name. */
const MIN_SHARE = 0.5;

interface Prompt {
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly lane: string;
}

const textOf = ({ parts }: Message): string =>
  parts.map((part) => (part.type === 'text' ? part.content : part.type)).join('\n');

function sharedStart(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}

function sharedEnd(a: string, b: string, from: number): number {
  const end = Math.min(a.length, b.length) - from;
  let length = 0;
  while (length < end && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}

/** True for one prompt in two versions. Languages without spaces are compared by their ends alone. */
function isAlike(a: Pick<Prompt, 'text' | 'words'>, b: Prompt): boolean {
  const start = sharedStart(a.text, b.text);
  if (start >= MIN_SHARED_START) return true;
  const ends = start + sharedEnd(a.text, b.text, start);
  if (ends > MIN_SHARE * Math.max(a.text.length, b.text.length)) return true;
  const common = [...a.words].filter((word) => b.words.has(word)).length;
  return common > MIN_SHARE * (a.words.size + b.words.size - common);
}

/**
 * Names the lane of each call: calls of one agent with the same instructions. A title call, a
 * classifier, a sub-agent has its own. Instructions that differ in a date or so are the same.
 */
export class Lanes {
  readonly #byHash = new Map<string, string>();
  readonly #prompts = new Map<string, Prompt[]>();

  laneOf({ input, agentName = '', nesting }: Call): string {
    const end = input.findIndex(({ message }) => message.role !== 'system');
    const leading = end === -1 ? input : input.slice(0, end);
    const owner = `${nesting ?? ''}/${agentName}`;
    const key = `${owner}|${leading.map(({ hash }) => hash).join('|')}`;
    const known = this.#byHash.get(key);
    if (known !== undefined) return known;
    const text = leading
      .map(({ message }) => textOf(message))
      .join('\n')
      .slice(0, MAX_COMPARED);
    const lane = this.#findAlike(owner, text) ?? this.#add(owner, text, key);
    this.#byHash.set(key, lane);
    return lane;
  }

  #findAlike(owner: string, text: string): string | undefined {
    const asked = { text, words: wordsOf(text) };
    if (text === '') return undefined;
    return this.#prompts.get(owner)?.find((prompt) => isAlike(asked, prompt))?.lane;
  }

  #add(owner: string, text: string, lane: string): string {
    const prompts = this.#prompts.get(owner) ?? [];
    this.#prompts.set(owner, prompts);
    if (text !== '') prompts.push({ text, words: wordsOf(text), lane });
    return lane;
  }
}

/** Words without digits; a date has few of them. */
const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(/[\p{L}\p{M}]+/gu));
