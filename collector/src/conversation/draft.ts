import type { ConversationMessage } from '@colloquy/schema';
import { digest } from '../digest.js';
import { NOTHING_ADDED } from './additions.js';
import type { Call } from './call.js';
import { isMarkedSummary } from './compaction.js';
import type { Form, Node } from './node.js';
import { readOn } from './provenance.js';
import type { Tile } from './tile.js';

/** Ids of steps: made of the thread and the path that leads there, so that they survive any re-run. */
export function createNodeIds(threadId: string): (node: Node) => string {
  const ids = new Map<Node, string>();
  const idOf = (node: Node): string => {
    const unnamed: Node[] = [];
    let above: Node | undefined = node;
    while (above?.parent !== undefined && !ids.has(above)) {
      unnamed.push(above);
      above = above.parent;
    }
    let id = (above && ids.get(above)) ?? digest(threadId);
    for (const step of unnamed.toReversed()) {
      id = digest(`${id}/${step.key}`);
      ids.set(step, id);
    }
    return id;
  };
  return idOf;
}

/** A message without its place in the conversation. */
export type Draft = Omit<ConversationMessage, 'turn' | 'line' | 'branch'>;

/** What a call said exists when it ended, what it was sent when it began. */
const saidAt = (origin: 'input' | 'output', call: Call): bigint =>
  origin === 'output' && call.endTimeUnixNano > call.startTimeUnixNano
    ? call.endTimeUnixNano
    : call.startTimeUnixNano;

const isOutput = ({ origin }: Form): boolean => origin === 'output';

const isOwn = ({ around }: Form): boolean => around === undefined;

/** The message that a tile shows. */
export function draftTile({ nodes, form, parts }: Tile, idOf: (node: Node) => string): Draft {
  const [first] = nodes;
  const { stored } = form;
  // It is the message of the call that said it, though a later one may have told it better.
  const own = form.around === undefined ? form : (first?.forms.find(isOwn) ?? form);
  const { call, origin } = [own, ...(first?.forms ?? [])].find(isOutput) ?? own;
  return {
    messageId: first === undefined ? '' : idOf(first),
    role: stored.message.role,
    name: own.stored.message.name,
    parts,
    contentHash: stored.hash,
    createdAt: saidAt(origin, call),
    source: 'derived',
    trackedId: undefined,
    traceId: call.traceId,
    spanId: call.spanId,
    historyGap: first?.gap ?? false,
    isSummary: (first?.summary ?? false) || isMarkedSummary(stored.message),
    ...NOTHING_ADDED,
    provenance:
      form === own && call === form.call
        ? undefined
        : readOn({ ...form.call, spanId: form.around ?? form.call.spanId }),
  };
}
