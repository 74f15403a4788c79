import type { Message, Role } from '@colloquy/schema';
import type { Form, Node } from './node.js';

/** The last step of the answer that this form is part of, going down from its node. */
export function endOfAnswer(node: Node, form: Form): Node {
  let end = node;
  for (let index = form.index + 1; index < form.count; index += 1) {
    const next = [...end.children.values()].find(({ forms }) =>
      forms.some(({ stored, index: place }) => stored.hash === form.stored.hash && place === index),
    );
    if (next === undefined) break;
    end = next;
  }
  return end;
}

/**
 * Where the history goes on after a message that ended at this node. An echo may have lost the
 * end of the answer it repeats (a tool call beside text, say): then it goes on after the answer.
 */
export function settle(node: Node): Node {
  const answer = node.forms.find(
    ({ origin, index, count }) => origin === 'output' && index < count - 1,
  );
  return answer === undefined ? node : endOfAnswer(node, answer);
}

/** The newest of those that follow a node with this role; of alternative answers the first. */
export function newestOf(
  node: Node,
  role: Role,
  isWanted: (child: Node) => boolean,
): Node | undefined {
  let newest: Node | undefined;
  for (const child of node.children.values()) {
    if (child.role !== role || !isWanted(child)) continue;
    const isSibling = newest?.forms[0]?.call === child.forms[0]?.call;
    if (newest === undefined || !isSibling) newest = child;
  }
  return newest;
}

/** The ids of the calls that these results answer. */
const answeredIds = ({ role, parts }: Message): readonly string[] =>
  role === 'tool'
    ? parts.flatMap((part) =>
        part.type === 'tool_call_response' && part.id !== undefined ? [part.id] : [],
      )
    : [];

/**
 * The end of the answer that asked for these results, where it follows the node: some tracers leave an
 * answer without text, that is a tool call alone, out of the history they re-send.
 */
export function findAsking(node: Node, results: Message): Node | undefined {
  const ids = answeredIds(results);
  if (ids.length === 0) return undefined;
  for (const child of node.children.values()) {
    const asking = child.forms.find(
      ({ origin, stored }) =>
        origin === 'output' &&
        stored.message.parts.some(
          (part) => part.type === 'tool_call' && part.id !== undefined && ids.includes(part.id),
        ),
    );
    if (asking !== undefined) return endOfAnswer(child, asking);
  }
  return undefined;
}
