import type { Part } from '@colloquy/schema';
import { createComparable, isAlike } from './alike.js';
import { endOfAnswer } from './answers.js';
import { partAt, type Step } from './call.js';
import { findFuller } from './fuller.js';
import type { Node } from './node.js';

/** Shorter texts stand in others by chance. */
const MIN_WORDS = 4;
const MIN_CUT = 3;

/** The words that a step says; `undefined` when it is no text. */
function wordsAt(step: Pick<Step, 'stored' | 'index'>): string | undefined {
  const part = partAt(step);
  return part?.type === 'text' ? part.content.replaceAll(/\s+/g, ' ').trim() : undefined;
}

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.content : part.type)).join('\n');

/** However short, a question is meant where a prompt ends with it on a line or behind a colon. */
function endsWith(prompt: string, question: string): boolean {
  if (question.trim() === '' || !prompt.endsWith(question)) return false;
  const lead = prompt.slice(0, -question.length);
  const words = lead.trimEnd();
  return words.endsWith(':') || lead.includes('\n', words.length);
}

/** Shorter questions stand in the middle of a prompt by chance. */
const MIN_QUESTION = 12;

/** True for a question that was asked within more words: behind what an app had retrieved, say. */
export function isWithin(question: readonly Part[], prompt: readonly Part[]): boolean {
  const [words, whole] = [textOf(question).trim(), textOf(prompt).trim()];
  if (words.length >= whole.length) return false;
  return endsWith(whole, words) || (words.length >= MIN_QUESTION && whole.includes(words));
}

/** True for one message in two versions: cut short, added to, or worded a little otherwise. */
export function isSameWords(a: readonly Part[], b: readonly Part[]): boolean {
  const [one, other] = [textOf(a), textOf(b)];
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length >= MIN_WORDS && long.includes(short)) return true;
  if (endsWith(long, short)) return true;
  return isAlike(createComparable(one), createComparable(other));
}

/** True when one is where the other was left: a stream that was given up. */
const isCut = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  Math.min(a.length, b.length) >= MIN_CUT &&
  (a.startsWith(b) || b.startsWith(a));

/** True when a step says more than any form of an answer that was cut short. */
export function isLonger(node: Node, step: Step): boolean {
  const words = step.stored.message.role === 'assistant' ? wordsAt(step) : undefined;
  return (
    words !== undefined &&
    node.forms.every((form) => {
      const known = wordsAt(form);
      // Some tell the last piece of a stream alone.
      const isPiece = words.startsWith(known ?? '') || words.endsWith(known ?? '');
      return known !== undefined && words.length > known.length && isPiece;
    })
  );
}

/**
 * True for words of the user that none of the forms holds: a prompt that a limit of attributes cut has
 * lost its question, and a later history tells that alone.
 */
export const isAskedOtherwise = (
  forms: readonly Pick<Step, 'stored'>[],
  { stored: { message, steps } }: Pick<Step, 'stored'>,
): boolean =>
  message.role === 'user' &&
  forms.every(
    ({ stored }) =>
      stored.steps[0]?.key !== steps[0]?.key && !isSameWords(message.parts, stored.message.parts),
  );

/** Finds a later step of an answer, whose first steps an echo has lost. */
function findWithin(first: Node, last: Node, key: string): Node | undefined {
  for (let node: Node | undefined = last; node !== first; node = node?.parent)
    if (node === undefined || node.key === key) return node;
  return undefined;
}

/**
 * The answer that was given here and that the assistant's words in a history repeat, though not to
 * the letter: its beginning is lost, it was cut short, the app has reworked it, or the echo tells it
 * more fully than its call did.
 */
export function findEcho(node: Node, step: Step): Node | undefined {
  const { message } = step.stored;
  if (message.role !== 'assistant') return undefined;
  const answers = [...node.children.values()].toReversed().flatMap((child) => {
    const form = child.forms.find(({ origin, index }) => origin === 'output' && index === 0);
    return form === undefined ? [] : [{ child, form }];
  });
  for (const { child, form } of answers) {
    const within = findWithin(child, endOfAnswer(child, form), step.key);
    if (within !== undefined) return within;
  }
  const fuller = findFuller(node, step);
  if (fuller !== undefined) return fuller;
  const words = wordsAt(step);
  const cut = answers.find(({ form }) => isCut(words, wordsAt(form)));
  const reworked = answers.find(
    ({ form }) =>
      words !== undefined &&
      wordsAt(form) !== undefined &&
      isSameWords(message.parts, form.stored.message.parts),
  );
  return (cut ?? reworked)?.child;
}
