import type { Part } from '@colloquy/schema';
import { isAskedOtherwise } from './echo.js';
import { hasArguments } from './fuller.js';
import { isBlank, spokenParts } from './identity.js';
import type { Form, Node } from './node.js';

/** A message as it is shown: the steps it covers and the form in which it was best preserved. */
export interface Tile {
  readonly nodes: readonly Node[];
  readonly form: Form;
  readonly parts: readonly Part[];
}

/** How many steps this form's message covers, where all of them follow each other on the line; 0 elsewhere. */
function measure(form: Form, nodes: readonly Node[], first: number): number {
  if (form.place > 0) return 0;
  let last: Form | undefined = form;
  for (let place = 1; ; place += 1) {
    if (last.index === last.count - 1) return place;
    last = nodes[first + place]?.forms.find(
      (other) => other.stored.hash === form.stored.hash && other.place === place,
    );
    if (last === undefined) return 0;
  }
}

const isUnread = ({ stored }: Form): number =>
  Number(stored.steps.every(({ key }) => isBlank(key)));

const countReasoning = ({ stored }: Form): number =>
  stored.message.parts.filter(({ type }) => type === 'reasoning').length;

const lengthOf = ({ stored }: Form): number =>
  spokenParts(stored.message.parts).reduce(
    (sum, part) => sum + (part.type === 'text' ? part.content.trim().length : 0),
    0,
  );

/** How much of its calls a message tells, their ids and arguments. */
const countTold = ({ stored }: Form): number =>
  stored.message.parts.reduce(
    (sum, part) =>
      part.type === 'tool_call'
        ? sum + Number(part.id !== undefined) + Number(hasArguments(part))
        : sum,
    0,
  );

const countBytes = ({ stored }: Form): number =>
  stored.message.parts.filter(({ type }) => type === 'blob').length;

/** What can be read, says the most and kept its reasoning and bytes; then what came out of a call before its echo. */
const preferred = (a: Form, b: Form): number =>
  isUnread(a) - isUnread(b) ||
  b.count - a.count ||
  lengthOf(b) - lengthOf(a) ||
  countTold(b) - countTold(a) ||
  countReasoning(b) - countReasoning(a) ||
  countBytes(b) - countBytes(a) ||
  Number(a.origin === 'input') - Number(b.origin === 'input') ||
  b.stored.message.parts.length - a.stored.message.parts.length ||
  (a.stored.hash < b.stored.hash ? -1 : 1);

/** The rest of a message whose first steps were shown in another form. */
function tail(form: Form): readonly Part[] {
  const spoken = form.stored.message.parts.filter(({ type }) => type !== 'reasoning');
  return spoken.slice(Math.min(form.index, spoken.length - 1));
}

/** What was said in this form, and what other forms of it tell that it has lost. */
function allParts(form: Form, forms: readonly Form[]): readonly Part[] {
  const told = [form];
  for (const other of forms) if (isAskedOtherwise(told, other)) told.push(other);
  return told.flatMap(({ stored }) => stored.message.parts);
}

/** Cuts a line into messages, each in its best form; every step is covered once. */
export function tile(nodes: readonly Node[]): readonly Tile[] {
  const tiles: Tile[] = [];
  let first = 0;
  while (first < nodes.length) {
    const forms = nodes[first]?.forms ?? [];
    const whole = forms.filter((form) => measure(form, nodes, first) > 0).toSorted(preferred)[0];
    const form = whole ?? forms[0];
    if (form === undefined) break;
    const covered = whole === undefined ? 1 : measure(whole, nodes, first);
    const parts = whole === undefined ? tail(form).slice(0, 1) : allParts(form, forms);
    tiles.push({ nodes: nodes.slice(first, first + covered), form, parts });
    first += covered;
  }
  return tiles;
}
