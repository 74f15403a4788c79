import type { Role } from '@colloquy/schema';
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
