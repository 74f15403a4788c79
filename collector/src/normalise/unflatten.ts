import type { AttributeMap, Json } from '@colloquy/schema';
import { toJson } from '../to-json.js';

type Tree = Map<string, Tree | Json>;

/** Puts `a.0.b = x` back into `{a: {0: {b: x}}}`. A key that is both leaf and branch keeps the branch. */
function plant(tree: Tree, path: readonly string[], value: Json): void {
  let node = tree;
  for (const segment of path.slice(0, -1)) {
    const next = node.get(segment);
    const branch: Tree = next instanceof Map ? next : new Map();
    node.set(segment, branch);
    node = branch;
  }
  const last = path.at(-1) ?? '';
  if (!(node.get(last) instanceof Map)) node.set(last, value);
}

const isIndex = (key: string): boolean => /^\d+$/.test(key);

/** Numbered branches become a list in numeric order; gaps and a start above 0 are common and harmless. */
function harvest(tree: Tree | Json): Json {
  if (!(tree instanceof Map)) return tree;
  const entries = [...tree];
  if (entries.length > 0 && entries.every(([key]) => isIndex(key))) {
    return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => harvest(item));
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, harvest(item)]));
}

/** A longer key names no place in a message; what walks such a tree would run out of stack. */
const MAX_PATH = 100;

/** The attributes `<prefix>.<n>.…` as a list of objects; keys without a number are not meant. */
export function unflatten(attributes: AttributeMap, prefix: string): Json | undefined {
  const start = `${prefix}.`;
  const tree: Tree = new Map();
  for (const [key, value] of attributes) {
    if (!key.startsWith(start)) continue;
    const path = key.slice(start.length).split('.');
    if (isIndex(path[0] ?? '') && path.length <= MAX_PATH) plant(tree, path, toJson(value));
  }
  return tree.size === 0 ? undefined : harvest(tree);
}
