/** Projects that are named; each costs Prometheus some series. */
const MAX_PROJECTS = 200;

/** Stands for all others; no project can have this id. */
const OTHER_PROJECTS = '_other';

const add = <T extends { readonly [Name in keyof T]: number }>(a: T, b: T): T =>
  Object.fromEntries((Object.keys(a) as (keyof T)[]).map((name) => [name, a[name] + b[name]])) as T;

/**
 * The same numbers of a bounded number of projects: those that came first stay, and what the others
 * have is summed up. Pure.
 */
export function boundProjects<T extends { readonly [Name in keyof T]: number }>(
  counts: ReadonlyMap<string, T>,
  max = MAX_PROJECTS,
): ReadonlyMap<string, T> {
  const bound = new Map<string, T>();
  for (const [project, numbers] of counts) {
    const label = bound.size < max || bound.has(project) ? project : OTHER_PROJECTS;
    const known = bound.get(label);
    bound.set(label, known === undefined ? numbers : add(known, numbers));
  }
  return bound;
}
