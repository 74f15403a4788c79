import type { Message } from '@colloquy/schema';
import { createComparable, isAlike, sharedStart, type Comparable } from './alike.js';
import type { Call } from './call.js';
import { unframedInstructions } from './frames.js';

/** Two prompts that begin alike for this long are made from one template. */
const MIN_SHARED_START = 80;

interface Prompt extends Comparable {
  readonly lane: string;
}

const textOf = ({ parts }: Message): string =>
  parts.map((part) => (part.type === 'text' ? part.content : part.type)).join('\n');

const isSamePrompt = (a: Comparable, b: Comparable): boolean =>
  sharedStart(a.text, b.text) >= MIN_SHARED_START || isAlike(a, b);

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
    const whole = leading.map(({ message }) => textOf(message)).join('\n');
    const { role, words } = unframedInstructions(whole);
    const voice = `${owner}/${role}`;
    const lane = this.#findAlike(voice, words) ?? this.#add(voice, words, key);
    this.#byHash.set(key, lane);
    return lane;
  }

  #findAlike(owner: string, text: string): string | undefined {
    if (text === '') return undefined;
    const asked = createComparable(text);
    return this.#prompts.get(owner)?.find((prompt) => isSamePrompt(asked, prompt))?.lane;
  }

  #add(owner: string, text: string, lane: string): string {
    const prompts = this.#prompts.get(owner) ?? [];
    this.#prompts.set(owner, prompts);
    if (text !== '') prompts.push({ ...createComparable(text), lane });
    return lane;
  }
}
