import type { ConversationMessage } from '@colloquy/schema';
import { NOTHING_ADDED } from './additions.js';
import { digest } from '../digest.js';
import type { Call } from './call.js';
import { createNodeIds, draftTile, type Draft } from './draft.js';
import { findLines, type Line } from './main-line.js';
import { tile } from './tile.js';
import type { Node } from './node.js';
import { turnNumbers } from './turn-numbers.js';
import type { PlacedCall, SystemMessage, Tree } from './tree.js';

interface PlacedSystem {
  readonly system: SystemMessage;
  readonly placed: PlacedCall;
  /** The depth after which it is shown. */
  readonly depth: number;
}

/** The calls whose history runs along these steps, in the order of the conversation. */
function callsAlong(tree: Tree, along: ReadonlySet<Node>): readonly PlacedCall[] {
  return tree.calls
    .filter(({ inputEnd }) => along.has(inputEnd) || inputEnd.parent === undefined)
    .toSorted((a, b) => a.inputEnd.depth - b.inputEnd.depth);
}

/**
 * One that tells what is new alone says nothing of its instructions, nor does one without an answer
 * where the response repeats them and they are taken from it.
 */
const tellsInstructions = ({ isDelta, outputHashes }: Call, leading: readonly unknown[]): boolean =>
  !isDelta && (leading.length > 0 || outputHashes.length > 0);

/**
 * System messages along a line. Instructions at the start of the history are shown when they
 * differ from those of the call before, at the place where the call goes on from there.
 */
function findSystems(calls: readonly PlacedCall[]): readonly PlacedSystem[] {
  const shown: PlacedSystem[] = [];
  const anchored = new Set<string>();
  let current = new Set<string>();
  let reached = 0;
  for (const placed of calls) {
    const leading = placed.systems.filter(({ after }) => after === placed.start);
    for (const system of leading) {
      if (!current.has(system.stored.hash)) shown.push({ system, placed, depth: reached });
    }
    if (tellsInstructions(placed.call, leading))
      current = new Set(leading.map(({ stored }) => stored.hash));
    for (const system of placed.systems) {
      const key = `${system.after.depth}/${system.stored.hash}`;
      if (system.after === placed.start || anchored.has(key)) continue;
      anchored.add(key);
      shown.push({ system, placed, depth: system.after.depth });
    }
    reached = Math.max(reached, placed.ends[0]?.depth ?? placed.inputEnd.depth);
  }
  return shown;
}

function draftSystem({ system, placed, depth }: PlacedSystem, lineId: string): Draft {
  const { call } = placed;
  return {
    messageId: digest(`${lineId}/system/${depth}/${system.stored.hash}/${call.spanId}`),
    role: system.stored.message.role,
    name: system.stored.message.name,
    parts: system.stored.message.parts,
    contentHash: system.stored.hash,
    createdAt: call.startTimeUnixNano,
    source: 'derived',
    trackedId: undefined,
    traceId: call.traceId,
    spanId: call.spanId,
    historyGap: false,
    isSummary: system.isSummary,
    ...NOTHING_ADDED,
  };
}

/** One line as messages: its steps, with the system messages between them. */
function draftLine(
  line: Line,
  systems: readonly PlacedSystem[],
  lineId: string,
  idOf: (node: Node) => string,
): readonly Draft[] {
  const drafts: Draft[] = [];
  const pending = systems.toSorted((a, b) => a.depth - b.depth);
  const flush = (depth: number): void => {
    while (pending[0] !== undefined && pending[0].depth <= depth) {
      drafts.push(draftSystem(pending[0], lineId));
      pending.shift();
    }
  };
  for (const piece of tile(line.nodes)) {
    // What a tool gave belongs to its call: instructions that changed meanwhile come after it.
    if (piece.form.stored.message.role !== 'tool') flush((piece.nodes[0]?.depth ?? 1) - 1);
    drafts.push(draftTile(piece, idOf));
  }
  flush(Infinity);
  return drafts;
}

function numberTurns(
  drafts: readonly Draft[],
  start: number,
): readonly (Draft & { readonly turn: number })[] {
  const turns = turnNumbers(drafts, start);
  return drafts.map((draft, index) => ({ ...draft, turn: turns[index] ?? start }));
}

/** The turn that a side line belongs to: where it leaves the main line, else by its trace, else by time. */
function turnOf(
  line: Line,
  main: readonly ConversationMessage[],
  turnByNode: ReadonlyMap<Node, number>,
): number {
  const fork = line.nodes[0]?.parent;
  const forkTurn = fork === undefined ? undefined : turnByNode.get(fork);
  if (forkTurn !== undefined) return forkTurn;
  const { call } = line.owner;
  const sameTrace = main.find((message) => message.traceId === call.traceId);
  const before = main.findLast((message) => message.createdAt <= call.startTimeUnixNano);
  return (sameTrace ?? before)?.turn ?? 0;
}

/** The turn of every step of the main line. */
function turnsOfNodes(
  { nodes }: Line,
  main: readonly ConversationMessage[],
  idOf: (node: Node) => string,
): ReadonlyMap<Node, number> {
  const turnById = new Map(main.map(({ messageId, turn }) => [messageId, turn]));
  const turns = new Map<Node, number>();
  let turn = 0;
  for (const node of nodes) {
    turn = turnById.get(idOf(node)) ?? turn;
    turns.set(node, turn);
  }
  return turns;
}

interface Naming {
  readonly threadId: string;
  /** The lanes that the main line runs along. */
  readonly lanes: ReadonlySet<string>;
  readonly idOf: (node: Node) => string;
}

/** A side call is one with the turn it served; a branch goes on counting from where it leaves. */
function listSideLine(
  line: Line,
  turn: number,
  { threadId, lanes, idOf }: Naming,
): readonly (Draft & { readonly turn: number })[] {
  const [first] = line.nodes;
  const lineId = `${threadId}/${line.owner.call.spanId}/${first === undefined ? '' : idOf(first)}`;
  if (line.kind !== 'side_call') return numberTurns(draftLine(line, [], lineId, idOf), turn);
  // A call of the conversation's own has the instructions that stand there.
  const calls = lanes.has(line.owner.lane) ? [] : [line.owner];
  const systems = findSystems(calls).map((placed) => ({ ...placed, depth: 0 }));
  const { call } = line.owner;
  const { traceId, spanId, startTimeUnixNano: createdAt } = call;
  const question = tile(questionOf(line)).map((piece): Draft => {
    const draft = draftTile(piece, idOf);
    const messageId = digest(`${lineId}/${draft.messageId}`);
    return { ...draft, messageId, traceId, spanId, createdAt };
  });
  const [asked, said] = [
    systems.map((one) => draftSystem(one, lineId)),
    draftLine(line, [], lineId, idOf),
  ];
  return [...asked, ...question, ...said].map((draft) => ({ ...draft, turn, historyGap: false }));
}

/** What a side call was asked, where it is what the conversation was asked: from the last words of the user on. */
function questionOf({ nodes }: Line): readonly Node[] {
  if (nodes.some(({ role }) => role === 'user')) return [];
  const question: Node[] = [];
  for (let node = nodes[0]?.parent; node?.parent !== undefined; node = node.parent) {
    question.push(node);
    if (node.role === 'user') return question.toReversed();
  }
  return [];
}

/** All messages of a thread: the main line in order, then branches and side calls, oldest first. */
export function listMessages(tree: Tree, threadId: string): readonly ConversationMessage[] {
  const idOf = createNodeIds(threadId);
  const [mainLine, ...others] = findLines(tree);
  if (mainLine === undefined) return listSystemsOnly(tree, threadId);
  const asides = new Set(
    others.flatMap(({ kind, owner }) =>
      kind === 'side_call' && !owner.isSummariser ? [owner.lane] : [],
    ),
  );
  const { lane: mainLane } = mainLine.owner;
  const along = callsAlong(tree, new Set(mainLine.nodes)).filter(
    ({ lane, isSummariser }) => !isSummariser && (!asides.has(lane) || lane === mainLane),
  );
  const lanes = new Set(along.map(({ lane }) => lane));
  const main = numberTurns(draftLine(mainLine, findSystems(along), threadId, idOf), 0).map(
    (draft): ConversationMessage => ({ ...draft, line: 'main', branch: 0 }),
  );
  const turns = turnsOfNodes(mainLine, main, idOf);
  const rest = others.flatMap((line, index) =>
    listSideLine(line, turnOf(line, main, turns), { threadId, lanes, idOf }).map(
      (draft): ConversationMessage => ({ ...draft, line: line.kind, branch: index + 1 }),
    ),
  );
  return [...main, ...rest];
}

/** A thread of which only instructions are known: content capture may be off for all else. */
function listSystemsOnly(tree: Tree, threadId: string): readonly ConversationMessage[] {
  return findSystems(tree.calls).map((placed) => ({
    ...draftSystem(placed, threadId),
    turn: 0,
    line: 'main',
    branch: 0,
  }));
}
