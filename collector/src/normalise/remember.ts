const MAX_NAMES = 10_000;

/** Answers from memory what was asked before; for names that repeat, as keys of attributes do. */
export function remember<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined || known.has(name)) return before as T;
    if (known.size >= MAX_NAMES) known.clear();
    const found = find(name);
    known.set(name, found);
    return found;
  };
}
