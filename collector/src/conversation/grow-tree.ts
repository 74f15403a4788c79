import type { Message } from '@colloquy/schema';
import { align } from './align.js';
import { arrange } from './arrange.js';
import type { Call, StoredMessage } from './call.js';
import { findSummary, goOnAfter } from './compaction.js';
import { goOn, type Alignment, type History, type Known } from './overlap.js';
import { HistoryReader } from './history-reader.js';
import { Lanes } from './lanes.js';
import { isPlaceholder } from './placeholder.js';
import { sharedLength } from '../shared-length.js';
import { follow } from './follow.js';
import { createNode, type Node } from './node.js';
import { addRetold } from './told-around.js';
import { TroddenPath } from './trodden-path.js';
import { findSaid, stepsOf, walk, type PlacedCall, type SystemMessage } from './tree.js';

/** The text a user wrote, for finding it quoted in another call. */
const userTexts = ({ message }: StoredMessage): readonly string[] =>
  message.role === 'user'
    ? message.parts.flatMap((part) =>
        part.type === 'text' && !isPlaceholder(part) ? [part.content.trim()] : [],
      )
    : [];

/** True for a history of one message: the first of a conversation. */
const isFirst = ({ input }: Call): boolean =>
  input.filter(({ message }) => message.role !== 'system').length === 1;

interface Marks {
  readonly gap: boolean;
  readonly isQuoting: boolean;
  readonly summary: Message | undefined;
}

/** A call, and what it was sent up to its last instructions. */
interface Heard {
  readonly call: Call;
  readonly lane: string;
  readonly instructed: readonly StoredMessage[];
}

/** The tree as it grows, call by call. */
export class Growth {
  readonly root: Node = createNode(undefined, '', '');
  readonly placed: PlacedCall[] = [];
  readonly #reader = new HistoryReader();
  readonly #trodden = new TroddenPath();
  readonly #lanes = new Lanes();
  readonly #knownLanes = new Set<string>();
  /** What holds of all calls of the thread, later ones included. */
  readonly sendsHistory: boolean;
  readonly #byKey = new Map<string, Node[]>();
  readonly #byResponseId = new Map<string, Node>();
  readonly #traceLanes = new Map<string, Set<string>>();
  readonly #asideLanes = new Set<string>();
  /** The history that the conversation sent last, and what of all of them another call may quote. */
  #heard: readonly StoredMessage[] = [];
  readonly #said = new Set<string>();
  readonly #quotable = new Set<string>();
  readonly #asideTips = new Map<string, Node>();
  #tip: Node = this.root;
  #hasGap = false;

  constructor(sendsHistory: boolean) {
    this.sendsHistory = sendsHistory;
  }

  add(given: Call): void {
    if (given.isDelta) this.#addDelta(given);
    else this.#addCall(given);
  }

  #addCall(given: Call): void {
    const call = given.inputIsUnordered
      ? { ...given, input: arrange(given.input, this.root, this.#byKey) }
      : given;
    const spoken = this.#reader.read(call.input);
    const { steps } = spoken;
    const added = this.#added(call);
    const lane = this.#lanes.laneOf(call);
    const known: Known = {
      root: this.root,
      byKey: this.#byKey,
      tip: this.#tip,
      hasGap: this.#hasGap,
      trodden: this.#trodden,
    };
    const history: History = {
      steps,
      traceId: call.traceId,
      continued: this.#byResponseId.get(call.previousResponseId ?? ''),
      mayBeCompacted: !this.#isForeign(call, lane),
    };
    const joined = align(history, known);
    const summary = findSummary(this.#summaries(call, added), this.placed);
    const alignment = summary === undefined ? joined : goOnAfter(summary, steps, known, joined);
    if (summary !== undefined) summary.summariser.isSummariser = true;
    const isQuoting = alignment === undefined && this.#isQuoting(call, lane);
    const isAside = alignment === undefined && (isQuoting || this.#isForeign(call, lane));
    const isFresh = alignment === undefined && this.sendsHistory && isFirst(call);
    const isStranger = isFresh && this.placed.length > 0 && !this.#knownLanes.has(lane);
    const start = alignment?.from ?? (isAside || isFresh ? this.root : this.#tip);
    const gap = alignment === undefined && start !== this.root;
    const marks = { gap, isQuoting, summary: summary?.message };
    this.#place(
      { call, lane, instructed: spoken.instructed },
      alignment ?? goOn(start, steps),
      marks,
    );
    if (isAside) this.#asideLanes.add(lane);
    else if (call.nesting !== 'tool' && !isStranger) this.#advance(call, lane, added);
    const end = this.placed.at(-1)?.ends[0];
    if (call.responseId !== undefined && end !== undefined) {
      this.#byResponseId.set(call.responseId, end);
    }
  }

  /** What is new goes after what was said last: in the conversation, or by the same sub-agent. */
  #addDelta(call: Call): void {
    const lane = call.agentName ?? '';
    const isMain = lane === '' || lane === (this.placed[0]?.call.agentName ?? lane);
    const tip = isMain ? this.#tip : (this.#asideTips.get(lane) ?? this.root);
    const { steps, instructed } = this.#reader.read(call.input);
    const start = findSaid(tip, [...steps, ...stepsOf(call.output)]) ?? tip;
    this.#place({ call, lane, instructed }, goOn(start, steps), {
      gap: false,
      isQuoting: false,
      summary: undefined,
    });
    if (isMain) this.#advance(call, lane, this.#added(call));
    else this.#asideTips.set(lane, this.placed.at(-1)?.ends[0] ?? tip);
  }

  #place(
    { call, lane, instructed }: Heard,
    { from: start, steps, summary }: Alignment,
    marks: Marks,
  ): void {
    const summed = new Set(summary.map(({ key }) => key));
    let joint: Node | undefined;
    const index = (node: Node, key: string): void => {
      joint ??= node.parent;
      if (summed.has(key)) {
        node.summary = true;
        node.keptFrom = start;
      }
      const nodes = this.#byKey.get(key);
      if (nodes === undefined) this.#byKey.set(key, [node]);
      else nodes.push(node);
    };
    const way = this.#trodden.follow(start, steps);
    const inputEnd = walk(way.node, steps, { origin: 'input', call }, index, way.length);
    const answers = call.outputIsChoices ? call.output.map((choice) => [choice]) : [call.output];
    const ends = answers.map((answer) =>
      walk(inputEnd, stepsOf(answer), { origin: 'output', call }, index),
    );
    for (const end of ends)
      for (const retold of call.retold) addRetold(end, retold, { origin: 'input', call });
    if (marks.gap) {
      this.#hasGap = true;
      const first = steps[0] && follow(start, steps[0], 'input');
      if (first !== undefined) first.gap = true;
    }
    const systems = placeSystems(instructed, start).map((system) => ({
      ...system,
      isSummary: system.stored.message === marks.summary,
    }));
    this.placed.push({
      call,
      lane,
      start,
      joint: joint ?? inputEnd,
      inputEnd,
      ends,
      systems,
      isSummariser: false,
      isQuoting: marks.isQuoting,
    });
    this.#knownLanes.add(lane);
  }

  /** What in a history may be a summary: instructions that are new, and new words before the last. */
  #summaries({ input }: Call, added: readonly StoredMessage[]): readonly Message[] {
    const fresh = added.filter((stored) => !this.#said.has(stored.hash));
    const systems = fresh.filter(({ message }) => message.role === 'system');
    const user = fresh.find(({ message }) => message.role === 'user');
    const isLast = user === undefined || user === input.at(-1);
    return [...systems, ...(isLast ? [] : [user])].map(({ message }) => message);
  }

  /**
   * Other instructions than those of the trace's own calls, or such as were aside before: title,
   * summary, classifier and sub-agent calls.
   */
  #isForeign({ traceId, nesting }: Call, lane: string): boolean {
    if (this.placed.length === 0) return false;
    const lanes = this.#traceLanes.get(traceId);
    return (
      nesting === 'tool' || this.#asideLanes.has(lane) || (lanes !== undefined && !lanes.has(lane))
    );
  }

  /** New instructions, and what the user wrote before within their text. */
  #isQuoting({ input }: Call, lane: string): boolean {
    return (
      !this.#knownLanes.has(lane) &&
      input
        .flatMap(userTexts)
        .some((text) => [...this.#quotable].some((quote) => text.includes(quote)))
    );
  }

  /** What a history holds beyond what it shares with the one that the conversation sent last. */
  #added({ input }: Call): readonly StoredMessage[] {
    return input.slice(sharedLength(input, this.#heard));
  }

  #advance(call: Call, lane: string, added: readonly StoredMessage[]): void {
    const last = this.placed.at(-1);
    this.#tip = last?.ends[0] ?? this.#tip;
    for (const stored of added) {
      if (stored.message.role !== 'assistant') this.#said.add(stored.hash);
      for (const text of userTexts(stored)) if (text.length >= 8) this.#quotable.add(text);
    }
    this.#heard = call.input;
    const lanes = this.#traceLanes.get(call.traceId) ?? new Set();
    this.#traceLanes.set(call.traceId, lanes.add(lane));
  }
}

/** System messages stand beside the path: a changed prompt is an event, not another conversation. */
function placeSystems(
  instructed: readonly StoredMessage[],
  start: Node,
): readonly Omit<SystemMessage, 'isSummary'>[] {
  const systems: Omit<SystemMessage, 'isSummary'>[] = [];
  let node = start;
  for (const stored of instructed) {
    if (stored.message.role === 'system') systems.push({ stored, after: node });
    else for (const step of stored.steps) node = follow(node, step, 'input') ?? node;
  }
  return systems;
}
