import type { Dialect, Subject } from './dialect.js';
import { DIALECTS } from './dialects/index.js';

const EXACT_MARKS: ReadonlyMap<string, Dialect> = new Map(
  DIALECTS.flatMap((dialect) =>
    dialect.marks.filter((mark) => !mark.endsWith('.')).map((mark) => [mark, dialect] as const),
  ),
);
const PREFIX_MARKS: readonly (readonly [string, Dialect])[] = DIALECTS.flatMap((dialect) =>
  dialect.marks.filter((mark) => mark.endsWith('.')).map((mark) => [mark, dialect] as const),
);

/** Which dialects a span speaks: by its attributes and events, and by its scope. */
export function detectDialects({ attributes, events, scopeName }: Subject): readonly Dialect[] {
  const found = new Set(
    DIALECTS.filter(({ scopes }) => scopes?.some((scope) => scope.test(scopeName))),
  );
  const names = [...attributes.keys(), ...events.map(({ name }) => name)];
  for (const name of names) {
    const exact = EXACT_MARKS.get(name);
    if (exact !== undefined) found.add(exact);
    for (const [prefix, dialect] of PREFIX_MARKS) if (name.startsWith(prefix)) found.add(dialect);
  }
  return DIALECTS.filter((dialect) => found.has(dialect));
}
