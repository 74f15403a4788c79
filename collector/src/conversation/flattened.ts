import type { Message, Part } from '@colloquy/schema';
import { groupBy } from '../group-by.js';
import type { CallContent } from './call-content.js';
import { SPEAKING, type Carrier } from './generations.js';
import { dialectsThat } from './habits.js';
import type { SpanNode } from './span-tree.js';

type Find = (hash: string) => { readonly message: Message };

const CALLS_TOOLS: ReadonlySet<string> = new Set(['tool_call', 'tool_calls']);

const hasPart = ({ parts }: Message, type: string): boolean =>
  parts.some((part) => part.type === type);

/** Words that are the JSON of a list of pieces, files among them. */
const isJsonOfPieces = (part: Part): boolean =>
  part.type === 'text' && part.content.startsWith('[{"type":"');

/** A call that ended in tool calls and tells none, or was sent results or files that it tells as mere words. */
function isFlattened({ node: { span }, content, isSole }: Carrier, find: Find): boolean {
  if (span.kind !== 'llm' || !isSole || dialectsThat('flattens', span).length === 0) return false;
  const saysCalls = content.output.some((hash) => hasPart(find(hash).message, 'tool_call'));
  if (span.finishReasons.some((reason) => CALLS_TOOLS.has(reason)) && !saysCalls) return true;
  return content.input.some((hash) => {
    const { message } = find(hash);
    return message.role === 'tool'
      ? !hasPart(message, 'tool_call_response')
      : message.parts.some(isJsonOfPieces);
  });
}

const isSystem = ({ message }: { readonly message: Message }): boolean => message.role === 'system';

const rolesOf = (hashes: readonly string[], find: Find): string =>
  hashes
    .map(find)
    .filter((stored) => !isSystem(stored))
    .map(({ message }) => message.role)
    .join();

/** What a wrapper says of the same messages; instructions it may not know. */
function retold(content: CallContent, { span }: SpanNode, find: Find): CallContent | undefined {
  const { inputHashes, outputHashes } = span;
  const isSame =
    rolesOf(inputHashes, find) === rolesOf(content.input, find) &&
    rolesOf(outputHashes, find) === rolesOf(content.output, find);
  if (!isSame) return undefined;
  const instructions = content.input.filter((hash) => isSystem(find(hash)));
  const rest = inputHashes.filter((hash) => !isSystem(find(hash)));
  return { ...content, input: [...instructions, ...rest], output: outputHashes };
}

const isAround = ({ span }: SpanNode, { span: call }: SpanNode): boolean =>
  span.startTimeUnixNano <= call.startTimeUnixNano && span.endTimeUnixNano >= call.endTimeUnixNano;

/**
 * Traceloop's handler for LangChain.js tells of each message the text alone; calls, and which results
 * are theirs, stand in the steps of the graph. These are no parents of the call but span its time.
 */
export function retoldByWrappers(
  carriers: readonly Carrier[],
  nodes: readonly SpanNode[],
  find: Find,
): readonly Carrier[] {
  const flattened = new Set(carriers.filter((carrier) => isFlattened(carrier, find)));
  if (flattened.size === 0) return carriers;
  // The innermost first.
  const wrappers = groupBy(
    nodes.filter(({ span }) => span.kind !== 'llm' && SPEAKING.has(span.kind)).toReversed(),
    ({ span }) => span.traceId,
  );
  return carriers.map((carrier) => {
    if (!flattened.has(carrier)) return carrier;
    const { node, content } = carrier;
    for (const wrapper of wrappers.get(node.span.traceId) ?? []) {
      const told = isAround(wrapper, node) ? retold(content, wrapper, find) : undefined;
      if (told !== undefined) return { ...carrier, content: told };
    }
    return carrier;
  });
}
