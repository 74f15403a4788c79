import type { Json, JsonObject, Message, Part } from '@colloquy/schema';
import { settle } from './answers.js';
import { follow } from './follow.js';
import { isBlank } from './identity.js';
import { findOverlap, goOn, type Alignment, type Known } from './overlap.js';
import type { Step } from './call.js';
import type { Node } from './node.js';
import { countKnown, type PlacedCall } from './tree.js';

/** Steps that a compacted history may put before what it kept: a summary and a reminder or two. */
const MAX_LEAD = 3;

/** Part types by which providers mark what stands for the history before it. */
const MARK = /^(?:context_)?compaction(?:_summary)?$/;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMark = (part: Part): boolean => {
  const content = part.type === 'raw' ? part.content : null;
  const type = isObject(content) ? content['type'] : undefined;
  return typeof type === 'string' && MARK.test(type);
};

/** True when the message itself says that it tells in short what was said before. */
export const isMarkedSummary = ({ parts }: Pick<Message, 'parts'>): boolean => parts.some(isMark);

const textOf = ({ parts }: Message): string =>
  parts
    .flatMap((part) => (part.type === 'text' ? [part.content] : []))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const ASKS = /summar|compact|condens|r[ée]sum|zusammenfass|摘要|总结|要約/i;

/** Frameworks that send neighbouring messages of the user as one put the summary and the question together. */
function holdsQuestion({ role, parts }: Message): boolean {
  const [summary, ...rest] = parts.filter(({ type }) => type === 'text');
  return (
    role === 'user' && rest.length > 0 && summary !== undefined && asks({ role, parts: [summary] })
  );
}

const asks = (message: Message): boolean => ASKS.test(textOf(message));

/** A summary of which nothing was kept is known by its words alone, where more words follow it. */
function findRetold(steps: readonly Step[], first: number, { tip }: Known): Alignment | undefined {
  const lead = steps[first];
  if (lead === undefined || tip.depth === 0) return undefined;
  const { message } = lead.stored;
  if (holdsQuestion(message)) return goOn(tip, steps.slice(first));
  const isSummary = message.role === 'user' && asks(message);
  const isLast = first + lead.count >= steps.length;
  if (isLast || (!isSummary && !isMarkedSummary(message))) return undefined;
  return goOn(tip, steps.slice(first), steps.slice(first, first + lead.count));
}

/**
 * Joins a history that begins with a summary and goes on with what was kept of the conversation.
 * The summary comes after what was kept, where it was first sent; sent again it is left out.
 */
export function findCompacted(
  steps: readonly Step[],
  first: number,
  known: Known,
): Alignment | undefined {
  for (let at = first + 1; at <= first + MAX_LEAD && at < steps.length; at += 1) {
    if (steps[at]?.index !== 0) continue;
    const from = findOverlap(steps, at, known);
    if (from === undefined) continue;
    const lead = steps.slice(first, at);
    const isKnown = lead.every(({ key }) => known.byKey.get(key)?.some(({ summary }) => summary));
    if (isKnown) return goOn(from, steps.slice(at));
    const end = at + countKnown(from, steps, at);
    return goOn(from, [...steps.slice(at, end), ...lead, ...steps.slice(end)], lead);
  }
  return findRetold(steps, first, known);
}

/** Joins a history that begins with a summary which was sent before: what follows it is known, or goes on from that. */
export function findSentAgain(steps: readonly Step[], known: Known): Alignment | undefined {
  const isLead = ({ key }: Step): boolean =>
    known.byKey.get(key)?.some(({ summary }) => summary) ?? false;
  const [first] = steps;
  if (first === undefined || known.root.children.has(first.key)) return undefined;
  const at = steps.findIndex((step) => !isLead(step));
  if (at < 1 || at > MAX_LEAD) return undefined;
  const kept = known.byKey.get(first.key)?.findLast(({ summary }) => summary)?.keptFrom;
  const from =
    kept !== undefined && countKnown(kept, steps, at) > 0 ? kept : findOverlap(steps, at, known);
  return from && goOn(from, steps.slice(at));
}

/** A summary was written right before it is used: older calls are not asked. */
const MAX_CALLS_BACK = 16;

/** Shorter answers are found in other texts by chance. */
const MIN_SUMMARY = 16;

/** True for a call that was asked to sum up, by its instructions or the last words of its history. */
const isAskedToSumUp = ({ call: { input } }: PlacedCall): boolean =>
  input.some(
    ({ message }, index) =>
      (message.role === 'system' || index === input.length - 1) && ASKS.test(textOf(message)),
  );

/** A message that tells in short what was said before, and the call that wrote it. */
export interface Summary {
  readonly summariser: PlacedCall;
  readonly message: Message;
}

/** Finds the message that quotes what a call wrote when it was asked to sum up. */
export function findSummary(
  messages: readonly Message[],
  calls: readonly PlacedCall[],
): Summary | undefined {
  if (messages.length === 0) return undefined;
  const texts = messages.map((message) => [textOf(message), message] as const);
  for (const summariser of calls.slice(-MAX_CALLS_BACK).toReversed()) {
    const written = summariser.call.output.map(({ message }) => textOf(message)).join(' ');
    const quoting = texts.find(([text]) => written.length >= MIN_SUMMARY && text.includes(written));
    if (quoting !== undefined && isAskedToSumUp(summariser))
      return { summariser, message: quoting[1] };
  }
  return undefined;
}

/** True for a step of a message that was never said before, at least not all of it. */
const isNew = ({ stored }: Step, { byKey }: Known): boolean =>
  stored.steps.some(({ key }) => !byKey.has(key));

/** What a history kept of the conversation: where that began, and how many steps it is. */
interface Kept {
  readonly from: Node;
  readonly count: number;
}

/** Fewer steps than this are kept only where nothing else was said since, or is now. */
const MIN_KEPT = 2;

/** The most of these steps that was said up to the node, best those that are the last. */
function findKept(steps: readonly Step[], last: Node): Kept | undefined {
  let most: Kept | undefined;
  let isLast = false;
  const isEnd = (node: Node): boolean =>
    settle(node) === last || (last.silent && node === last.parent);
  for (let from = last.parent; from !== undefined; from = from.parent) {
    let node: Node | undefined = from;
    let count = 0;
    while (node !== undefined && !(count > 0 && isEnd(node)) && count < steps.length) {
      const step = steps[count];
      node = step && follow(node, step, 'input');
      if (node !== undefined) count += 1;
    }
    const isWhole = count > 0 && node !== undefined && isEnd(node);
    const isEnough = isWhole || count >= Math.min(MIN_KEPT, steps.length);
    const isRead = steps.slice(0, count).some(({ key }) => !isBlank(key));
    const isMore = isWhole || (!isLast && count > (most?.count ?? 0));
    if ((isRead || isWhole) && isEnough && isMore) most = { from, count };
    isLast ||= isWhole;
  }
  return most;
}

/**
 * Goes on from where the conversation was when it was summed up: before the words that asked for
 * the summary. What follows the summary may have been kept of what was said last. A history that joined
 * by what it kept of the conversation otherwise joins there. What stands before the summary was said
 * already, unless it is new.
 */
export function goOnAfter(
  { summariser, message }: Summary,
  steps: readonly Step[],
  known: Known,
  alignment: Alignment | undefined,
): Alignment {
  const { root, tip } = known;
  const { joint, ends } = summariser;
  const last = ends.includes(tip) ? joint : tip;
  const at = steps.findIndex(({ stored }) => stored.message === message);
  const lead = steps.filter(({ stored }) => stored.message === message);
  const rest = at === -1 ? [] : steps.slice(at + lead.length);
  const kept = findKept(rest, last);
  const isPlain = alignment?.from === root && alignment.summary.length === 0;
  if (kept !== undefined) {
    const before = steps.slice(0, at).filter((step) => isNew(step, known));
    const [again, fresh] = [rest.slice(0, kept.count), rest.slice(kept.count)];
    return goOn(kept.from, [...again, ...before, ...lead, ...fresh], lead);
  }
  const isAfter = alignment !== undefined && ends.includes(alignment.from);
  const isApart = at === -1;
  if (alignment !== undefined && (isApart || !(isPlain || isAfter))) return alignment;
  return goOn(
    last,
    steps.filter((step, index) => index >= at || isNew(step, known)),
    lead,
  );
}
