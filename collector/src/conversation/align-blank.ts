import type { Role } from '@colloquy/schema';
import { goOn, type Alignment, type History, type Known } from './overlap.js';
import type { Step } from './call.js';
import { follow } from './follow.js';
import type { Node } from './node.js';

const roleOf = ({ stored }: Step): Role => stored.message.role;

/** True when the last steps up to the tip have these roles, in this order. */
function endsWith(tip: Node, roles: readonly Role[]): boolean {
  let node: Node | undefined = tip;
  for (const role of roles.toReversed()) {
    if (node?.role !== role) return false;
    node = node.parent;
  }
  return true;
}

/** Joins where the most of a history, but not all of it, has the roles of what was said last. */
function alignByRoles(steps: readonly Step[], tip: Node): Alignment | undefined {
  const roles = steps.map(roleOf);
  for (let skip = roles.length - 1; skip > 0; skip -= 1)
    if (endsWith(tip, roles.slice(0, skip))) return goOn(tip, steps.slice(skip));
  return undefined;
}

/** True when the same trace has been here: its calls may try one history more than once. */
const isOfTrace = ({ children, forms }: Node, traceId: string): boolean =>
  [...children.values(), { forms }].some((node) =>
    node.forms.some(({ call }) => call.traceId === traceId),
  );

/**
 * Where a history joins of which nothing but the roles is known. It repeats what is known from the
 * start on and adds to it; one that adds nothing is another turn, unless it is of the same trace.
 */
export function alignBlank(
  { steps, traceId }: History,
  { root, tip }: Known,
): Alignment | undefined {
  let end: Node | undefined = root;
  for (const [index, step] of steps.entries()) {
    const next: Node | undefined = follow(end, step, 'input');
    if (next === undefined) return index > 0 ? goOn(root, steps) : alignByRoles(steps, tip);
    end = next;
  }
  const isRetry = isOfTrace(end, traceId) || (steps.length > 1 && end.children.size === 0);
  return isRetry ? goOn(root, steps) : alignByRoles(steps, tip);
}
