import type { Call } from './call.js';
import { ancestors, type SpanNode } from './span-tree.js';

const agentsAbove = (node: SpanNode): readonly SpanNode[] =>
  [node, ...ancestors(node)].filter(({ span }) => span.kind === 'agent');

const isBelowTool = (node: SpanNode): boolean =>
  [...ancestors(node)].some(({ span }) => span.kind === 'tool');

/**
 * Tells the calls of sub-agents: below a tool, unless all of the trace is (a tool server), and
 * below an agent that runs within another which makes calls of its own.
 */
export function createNestingOf(
  callers: readonly SpanNode[],
): (caller: SpanNode) => Call['nesting'] {
  const outside = callers.filter((caller) => !isBelowTool(caller));
  const traces = new Set(outside.map(({ span }) => span.traceId));
  const callingAgents = new Set(outside.map((caller) => agentsAbove(caller)[0]));
  return (caller) => {
    if (!traces.has(caller.span.traceId)) return undefined;
    if (isBelowTool(caller)) return 'tool';
    return agentsAbove(caller)
      .slice(1)
      .some((agent) => callingAgents.has(agent))
      ? 'agent'
      : undefined;
  };
}
