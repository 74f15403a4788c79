import type { Part } from '@colloquy/schema';
import { atomsOf, isBlank, spokenParts } from './identity.js';
import type { Form, Node } from './node.js';

/** A message as it is shown: the steps it covers and the form in which it was best preserved. */
export interface Tile {
  readonly nodes: readonly Node[];
  readonly form: Form;
  readonly parts: readonly Part[];
}

/** It fits where the steps of this form's message, all of them, follow each other on the line. */
const fits = (form: Form, nodes: readonly Node[], first: number): boolean =>
  form.index === 0 &&
  Array.from({ length: form.count }, (_, index) => nodes[first + index]).every((node, index) =>
    node?.forms.some((other) => other.stored.hash === form.stored.hash && other.index === index),
  );

const isUnread = ({ stored }: Form): number => Number(atomsOf(stored.message).every(isBlank));

const countReasoning = ({ stored }: Form): number =>
  stored.message.parts.filter(({ type }) => type === 'reasoning').length;

const lengthOf = ({ stored }: Form): number =>
  spokenParts(stored.message.parts).reduce(
    (sum, part) => sum + (part.type === 'text' ? part.content.trim().length : 0),
    0,
  );

/** What can be read, says the most and kept its reasoning; then what came out of a call before its echo. */
const preferred = (a: Form, b: Form): number =>
  isUnread(a) - isUnread(b) ||
  b.count - a.count ||
  lengthOf(b) - lengthOf(a) ||
  countReasoning(b) - countReasoning(a) ||
  Number(a.origin === 'input') - Number(b.origin === 'input') ||
  b.stored.message.parts.length - a.stored.message.parts.length ||
  (a.stored.hash < b.stored.hash ? -1 : 1);

/** The rest of a message whose first steps were shown in another form. */
function tail(form: Form): readonly Part[] {
  const spoken = form.stored.message.parts.filter(({ type }) => type !== 'reasoning');
  return spoken.slice(Math.min(form.index, spoken.length - 1));
}

/** Cuts a line into messages, each in its best form; every step is covered once. */
export function tile(nodes: readonly Node[]): readonly Tile[] {
  const tiles: Tile[] = [];
  let first = 0;
  while (first < nodes.length) {
    const forms = nodes[first]?.forms ?? [];
    const whole = forms.filter((form) => fits(form, nodes, first)).toSorted(preferred)[0];
    const form = whole ?? forms[0];
    if (form === undefined) break;
    const covered = whole === undefined ? 1 : whole.count;
    const parts = whole === undefined ? tail(form).slice(0, 1) : form.stored.message.parts;
    tiles.push({ nodes: nodes.slice(first, first + covered), form, parts });
    first += covered;
  }
  return tiles;
}
