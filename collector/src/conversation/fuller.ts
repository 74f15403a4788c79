import type { Part } from '@colloquy/schema';
import { partAt, type Step } from './call.js';
import { isBlank } from './identity.js';
import type { Node } from './node.js';

/** Shorter texts begin others by chance. */
const MIN_CUT = 3;

/** True for two calls of which the ids say that they are not one. */
const isOther = (a: Part | undefined, b: Part | undefined): boolean =>
  a?.type === 'tool_call' &&
  b?.type === 'tool_call' &&
  a.id !== undefined &&
  b.id !== undefined &&
  a.id !== b.id;

/** True when a call is told with what it asks for. */
export const hasArguments = ({ arguments: value }: Extract<Part, { type: 'tool_call' }>): boolean =>
  value != null &&
  value !== '' &&
  value !== '{}' &&
  (typeof value !== 'object' || Object.keys(value).length > 0);

/** True for one call of a tool, told without its arguments and with them. */
const isEmptier = (told: Part | undefined, full: Part | undefined): boolean =>
  told?.type === 'tool_call' &&
  full?.type === 'tool_call' &&
  told.name === full.name &&
  !hasArguments(told) &&
  !isOther(told, full);

const isBeginning = (told: Part | undefined, full: Part | undefined): boolean =>
  told?.type === 'text' &&
  full?.type === 'text' &&
  told.content.trim().length >= MIN_CUT &&
  full.content.trim().startsWith(told.content.trim());

/** Whether one step may be all that was told of another. */
type Relation = (told: Step, full: Step) => boolean;

const isEqual: Relation = (told, full) =>
  told.key === full.key && !isBlank(told.key) && !isOther(partAt(told), partAt(full));

const isPoorer: Relation = (told, full) => {
  const [a, b] = [partAt(told), partAt(full)];
  return isEqual(told, full) || isEmptier(a, b) || isBeginning(a, b);
};

/** True when all that was told is found again in order, whatever else stands between. */
function contains(full: readonly Step[], told: readonly Step[], relation: Relation): boolean {
  let found = 0;
  for (const step of full) {
    const next = told[found];
    if (next === undefined) break;
    if (relation(next, step)) found += 1;
  }
  return found === told.length;
}

/** What is left of a message from this step on. */
const rest = ({ stored, index }: Pick<Step, 'stored' | 'index'>): readonly Step[] =>
  stored.steps.slice(index);

/** True when a step tells the arguments of a call whose own answer has lost them. */
export const isFullerCall = ({ forms }: Node, step: Step): boolean =>
  forms.some((form) => form.origin === 'output' && isEmptier(partAt(form), partAt(step)));

/**
 * Where a step of a history leads that tells an answer given here more fully than the call itself did:
 * to the step of the answer that it completes, or nowhere, to the node itself, where the answer has
 * lost it altogether. All that the answer tells must be found in what is left of the message.
 */
export function findFuller(node: Node, step: Step): Node | undefined {
  if (step.stored.message.role !== 'assistant') return undefined;
  const answers = [...node.children.values()].toReversed().flatMap((child) => {
    const form = child.forms.find(
      ({ origin, index }) => origin === 'output' && (step.index > 0 || index === 0),
    );
    return form === undefined ? [] : [{ child, told: rest(form) }];
  });
  const full = rest(step);
  for (const relation of [isEqual, isPoorer]) {
    const answer = answers.find(({ told }) => contains(full, told, relation));
    const [first] = answer?.told ?? [];
    if (answer !== undefined && first !== undefined)
      return relation(first, step) ? answer.child : node;
  }
  return undefined;
}
