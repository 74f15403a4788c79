import { digest } from '../digest.js';
import type { Call, Step, StoredMessage } from './call.js';
import { isBlank } from './identity.js';
import { stepsOf } from './tree.js';

/** Marks of one call: places that it may go on from, best first, and those after its answers. */
export interface Marks {
  readonly begins: readonly string[];
  readonly ends: readonly string[];
}

const NO_MARKS: Marks = { begins: [], ends: [] };

/** So many answers back a history is compared: traces between may never have arrived. */
const MAX_BEGINS = 8;

/** A place in what calls were sent and said; its mark is made of all that leads there. */
export interface Place {
  readonly mark: string;
  readonly next: Map<string, Place>;
  /** True when something other than an answer leads here: an answer alone proves nothing. */
  readonly isAsked: boolean;
}

/** Where conversations begin. @param of - what they have to have in common beside their words */
export const createStart = (of: readonly string[]): Place => ({
  mark: digest(JSON.stringify(of)),
  next: new Map(),
  isAsked: false,
});

const isAnswer = ({ stored }: Step): boolean => stored.message.role === 'assistant';

/** Goes one step on. Every prefix is made once, however many calls repeat it. */
function goOn(from: Place, step: Step): Place {
  const known = from.next.get(step.key);
  if (known !== undefined) return known;
  const place: Place = {
    mark: digest(`${from.mark}/${step.key}`),
    next: new Map(),
    isAsked: from.isAsked || !isAnswer(step),
  };
  from.next.set(step.key, place);
  return place;
}

/** An empty answer is what an echo leaves of tool calls; any other step without content proves nothing. */
const isKnown = (step: Step): boolean => !isBlank(step.key) || isAnswer(step);

const answersOf = ({ output, outputIsChoices }: Call): readonly (readonly StoredMessage[])[] =>
  outputIsChoices ? output.map((choice) => [choice]) : [output];

/** After every piece of an answer: an echo may lose the end of it. */
function marksOfAnswer(steps: readonly Step[], from: Place): readonly string[] {
  const marks: string[] = [];
  let place = from;
  for (const step of steps) {
    if (isBlank(step.key)) break;
    place = goOn(place, step);
    if (isAnswer(step) && place.isAsked) marks.push(place.mark);
  }
  return marks;
}

const newest = (begins: readonly string[]): readonly string[] =>
  begins.slice(-MAX_BEGINS).toReversed();

/** The marks of a history in order: after its last answer, and after those before that a user replied to. */
export function markOrdered(call: Call, start: Place): Marks {
  if (call.inputIsUnordered || call.isDelta) return NO_MARKS;
  const input = stepsOf(call.input);
  const begins: string[] = [];
  const last = input.findLastIndex(isAnswer);
  let place = start;
  for (const [index, step] of input.entries()) {
    if (!isKnown(step)) return { begins: newest(begins), ends: [] };
    place = goOn(place, step);
    const isReplied = input[index + 1]?.stored.message.role === 'user';
    if (isAnswer(step) && place.isAsked && (index === last || isReplied)) begins.push(place.mark);
  }
  const ends = answersOf(call).flatMap((answer) => marksOfAnswer(stepsOf(answer), place));
  return { begins: newest(begins), ends };
}

const numberOf = (key: string): bigint =>
  BigInt(`0x${(isBlank(key) ? digest(key) : key).replaceAll('-', '')}`);

/** One number for steps in any order. */
const sumOf = (steps: readonly Step[]): bigint =>
  steps.reduce((sum, { key }) => sum + numberOf(key), 0n);

/**
 * The marks of a history whose messages came as log records of one millisecond: how requests were
 * cut decides whether their order is known, and must not decide what goes on from what. So these
 * are made of the messages in any order, without the one that is answered now.
 */
export function markUnordered(call: Call, start: Place): Marks {
  const input = stepsOf(call.input);
  if (call.isDelta || !input.every(isKnown) || input.every(isAnswer)) return NO_MARKS;
  const total = sumOf(input);
  const markOf = (sum: bigint): string => digest(`${start.mark}/${sum}`);
  const ends = answersOf(call)
    .map((answer) => stepsOf(answer))
    .filter((steps) => steps.length > 0 && steps.every((step) => !isBlank(step.key)))
    .map((steps) => markOf(total + sumOf(steps)));
  if (!input.some(isAnswer)) return { begins: [], ends };
  return { begins: sumsBefore(call, input).map((sum) => markOf(total - sum)), ends };
}

/** What may have been said since the last answer. Of two equal records in two requests one is lost: then nothing. */
function sumsBefore(call: Call, input: readonly Step[]): readonly bigint[] {
  if (!call.inputIsUnordered) return [sumOf(input.slice(input.findLastIndex(isAnswer) + 1))];
  const asked = call.input.filter(({ message }) => message.role === 'user');
  return [...new Set(asked.map(({ steps }) => sumOf(steps))), 0n];
}
