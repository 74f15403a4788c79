import type { Role } from '@colloquy/schema';
import type { Call, Step } from './call.js';
import { isBlank } from './identity.js';

/** In which call messages stood, and on which side of it. */
export interface Side {
  readonly origin: 'input' | 'output';
  readonly call: Call;
  /** The span around the call that tells it, where that is not the call. */
  readonly around?: string;
}

/** One way in which a step of the conversation was said: a place in a message of some call. */
export interface Form extends Omit<Step, 'key'>, Side {
  /** Which of the steps that have a node this is; lower than `index` behind some that have none. */
  readonly place: number;
}

/** One step of the conversation; a path from the root is what one call saw and said. */
export interface Node {
  readonly parent: Node | undefined;
  readonly key: string;
  readonly role: Role;
  readonly depth: number;
  readonly children: Map<string, Node>;
  /** First step of each message met here; outputs first, since they are the original. */
  readonly forms: Form[];
  /** The step last walked from here: histories come again and again. */
  trodden: Step | undefined;
  /** Where that step leads, for good. */
  troddenTo: Node | undefined;
  /** True when nothing tied this step to what stands before it. */
  gap: boolean;
  /** True while its content is known from placeholders alone. */
  blank: boolean;
  /** True when it tells in short what was said before; a history may go on without it. */
  summary: boolean;
  /** Where what was kept beside a summary began: histories that begin with it go on there. */
  keptFrom: Node | undefined;
  /** True for an answer without words: a history may go on without it. */
  silent: boolean;
  /** Where other versions of a message lead that was said here: by their key. */
  readonly echoes: Map<string, Node>;
}

export const createNode = (parent: Node | undefined, key: string, role: Role): Node => ({
  parent,
  key,
  role,
  depth: parent === undefined ? 0 : parent.depth + 1,
  children: new Map(),
  forms: [],
  trodden: undefined,
  troddenTo: undefined,
  gap: false,
  blank: isBlank(key),
  summary: false,
  keptFrom: undefined,
  silent: false,
  echoes: new Map(),
});

/**
 * Keeps one form for each message; what came out of a call is the original, its echo is not.
 *
 * @param place - of the step, among those of its message that have a node
 */
export function addForm(
  node: Node,
  { stored, index, count }: Step,
  side: Side,
  place: number,
): void {
  const known = node.forms.findIndex(
    (form) => form.stored.hash === stored.hash && form.index === index,
  );
  const isOriginal = node.forms[known]?.origin === 'input' && side.origin === 'output';
  if (known !== -1 && !isOriginal) return;
  const form = { stored, index, count, place, ...side };
  node.forms[known === -1 ? node.forms.length : known] = form;
}
