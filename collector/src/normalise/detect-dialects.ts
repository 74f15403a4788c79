import type { Dialect, Subject } from './dialect.js';
import { DIALECTS } from './dialects/index.js';
import { remember } from './remember.js';

const EXACT_MARKS: ReadonlyMap<string, Dialect> = new Map(
  DIALECTS.flatMap((dialect) =>
    dialect.marks.filter((mark) => !mark.endsWith('.')).map((mark) => [mark, dialect] as const),
  ),
);
const PREFIX_MARKS: readonly (readonly [string, Dialect])[] = DIALECTS.flatMap((dialect) =>
  dialect.marks.filter((mark) => mark.endsWith('.')).map((mark) => [mark, dialect] as const),
);

const markedBy = (name: string): readonly Dialect[] => {
  const exact = EXACT_MARKS.get(name);
  const marked = PREFIX_MARKS.filter(([prefix]) => name.startsWith(prefix)).map(
    ([, dialect]) => dialect,
  );
  return exact === undefined ? marked : [exact, ...marked];
};

/** Names of attributes, events and scopes repeat from span to span; each is looked at once. */
const dialectsOfName = remember(markedBy);
const dialectsOfScope = remember((scopeName): readonly Dialect[] =>
  DIALECTS.filter(({ scopes }) => scopes?.some((scope) => scope.test(scopeName))),
);

/** Which dialects a span speaks: by its attributes and events, and by its scope. */
export function detectDialects({ attributes, events, scopeName }: Subject): readonly Dialect[] {
  const found = new Set(dialectsOfScope(scopeName));
  const add = (name: string): void => {
    for (const dialect of dialectsOfName(name)) found.add(dialect);
  };
  for (const name of attributes.keys()) add(name);
  for (const { name } of events) add(name);
  return found.size < 2 ? [...found] : DIALECTS.filter((dialect) => found.has(dialect));
}
