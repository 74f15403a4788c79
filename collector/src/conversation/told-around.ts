import { hash } from 'node:crypto';
import type { Message, Part } from '@colloquy/schema';
import type { Retold, StoredMessage } from './call.js';
import type { CallContent } from './call-content.js';
import { SPEAKING } from './generations.js';
import { addForm, type Node, type Side } from './node.js';
import { ancestors, type SpanNode } from './span-tree.js';

type Find = (hash: string) => StoredMessage;

/** How many letters of a digest Langfuse's SDKs name uploaded bytes by. */
const ID_LENGTH = 22;

/** True for bytes that a file is named by the SHA-256 of. */
const isNamedBy = (bytes: string, fileId: string): boolean =>
  hash('sha256', Buffer.from(bytes, 'base64'), 'base64url').startsWith(fileId);

const hasThoughts = ({ parts }: Message): boolean => parts.some(({ type }) => type === 'reasoning');

const isUpload = (part: Part): boolean => part.type === 'file' && part.file_id.length >= ID_LENGTH;

/** True for what a message says, thoughts aside, told with some. */
const isWithThoughts = ({ message, steps }: StoredMessage, own: StoredMessage): boolean =>
  message.role === own.message.role &&
  hasThoughts(message) &&
  steps.length === own.steps.length &&
  steps.every(({ key }, index) => key === own.steps[index]?.key);

/** True for a message with bytes where the other has files that are named by them, and all else the same. */
function isWithBytes({ message }: StoredMessage, { message: own }: StoredMessage): boolean {
  return (
    message.role === own.role &&
    message.parts.length === own.parts.length &&
    message.parts.every((part, index) => {
      const other = own.parts[index];
      if (part.type === 'blob' && other !== undefined && isUpload(other))
        return other.type === 'file' && isNamedBy(part.content, other.file_id);
      return JSON.stringify(part) === JSON.stringify(other);
    })
  );
}

/** A wrapper may tell of all that was said so far: the newest of it is looked at. */
const MAX_BACK = 64;

/** The message that tells one of a call more fully; none where several do, and not the same. */
function findFuller(
  hashes: readonly string[],
  own: StoredMessage,
  find: Find,
  isFuller: (message: StoredMessage, own: StoredMessage) => boolean,
): StoredMessage | undefined {
  const [fuller, other] = [...new Set(hashes.slice(-MAX_BACK))]
    .map(find)
    .filter((message) => isFuller(message, own));
  return other === undefined ? fuller : undefined;
}

/** The spans around a call that say something, nearest first, up to the tool that it runs below. */
function* wrappersOf(node: SpanNode): Generator<SpanNode> {
  for (const above of ancestors(node)) {
    if (above.span.kind === 'tool') return;
    if (above.span.kind !== 'llm' && SPEAKING.has(above.span.kind)) yield above;
  }
}

/** What was said after the last answer in a history, the part of it that is new. */
function newestOf(hashes: readonly string[], find: Find): readonly StoredMessage[] {
  const newest: StoredMessage[] = [];
  for (const place of hashes.toReversed()) {
    const stored = find(place);
    if (stored.message.role === 'assistant') break;
    newest.push(stored);
  }
  return newest.toReversed();
}

/**
 * What spans around a call tell of its messages that it does not tell itself: the thoughts of its answer,
 * and the bytes that were taken out of what it was sent. The nearest that tells of it is believed.
 */
export function toldAround(
  node: SpanNode,
  { input, output }: Pick<CallContent, 'input' | 'output'>,
  find: Find,
): readonly Retold[] {
  const wrappers = [...wrappersOf(node)];
  if (wrappers.length === 0) return [];
  const search = (own: StoredMessage, side: Side['origin']): readonly Retold[] => {
    for (const { span } of wrappers) {
      const stored =
        side === 'output'
          ? findFuller(span.outputHashes, own, find, isWithThoughts)
          : findFuller(span.inputHashes, own, find, isWithBytes);
      if (stored !== undefined) return [{ own, stored, spanId: span.spanId }];
    }
    return [];
  };
  return [
    ...newestOf(input, find)
      .filter(({ message: { parts }, steps }) => steps.length === 1 && parts.some(isUpload))
      .flatMap((own) => search(own, 'input')),
    ...output
      .map(find)
      .filter(({ message }) => message.role === 'assistant' && !hasThoughts(message))
      .flatMap((own) => search(own, 'output')),
  ];
}

/** Adds to the steps of a message, on the way that ends here, what a span around its call tells of it. */
export function addRetold(end: Node, { own, stored, spanId }: Retold, side: Side): void {
  const [first, ...rest] = own.steps;
  let node: Node | undefined = end;
  while (node !== undefined && node.key !== first?.key) node = node.parent;
  for (const [index, step] of stored.steps.entries()) {
    if (node !== undefined) addForm(node, step, { ...side, around: spanId }, index);
    node = node?.children.get(rest[index]?.key ?? '');
  }
}
