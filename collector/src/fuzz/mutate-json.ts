import { HOSTILE_KEYS, hostileText, hostileValue } from './hostile.js';
import { below, oneIn, pick, type Random } from './random.js';

/** A place in a parsed JSON text, which something else may be put into. */
interface Slot {
  readonly of: Record<string, unknown>;
  readonly key: string;
}

const isParent = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function slotsOf(root: Record<string, unknown>): readonly Slot[] {
  const slots: Slot[] = [];
  const open = [root];
  for (let of = open.pop(); of !== undefined; of = open.pop()) {
    for (const key of Object.keys(of)) {
      slots.push({ of, key });
      const value = of[key];
      if (isParent(value)) open.push(value);
    }
  }
  return slots;
}

/** As `JSON.parse` does: also `__proto__` becomes a key like any other. */
const put = (of: Record<string, unknown>, key: string, value: unknown): void =>
  void Object.defineProperty(of, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });

const MAX_REPEATS = 40;

type Change = (slot: Slot, random: Random, other: () => unknown) => void;

const CHANGES: readonly Change[] = [
  ({ of, key }, random) => put(of, key, hostileValue(random)),
  ({ of, key }, random) => put(of, key, hostileText(random)),
  ({ of, key }, _random, other) => put(of, key, other()),
  ({ of, key }) => void (Array.isArray(of) ? of.splice(Number(key), 1) : delete of[key]),
  ({ of }, random) => {
    if (!Array.isArray(of)) put(of, pick(random, HOSTILE_KEYS), hostileValue(random));
  },
  ({ of, key }, random) => {
    const value = of[key];
    const copies = Array.from({ length: 1 + below(random, MAX_REPEATS) }, () => value);
    if (Array.isArray(of)) of.push(...copies);
    else put(of, key, copies);
  },
  ({ of, key }) => put(of, key, JSON.stringify(of[key])),
];

/** What stands in a text is changed as often as what is around it: that is where messages are. */
function changeSlot(slot: Slot, random: Random, other: () => unknown): void {
  const value = slot.of[slot.key];
  if (typeof value === 'string' && random() < 0.5)
    put(slot.of, slot.key, mutateText(value, random));
  else pick(random, CHANGES)(slot, random, other);
}

/** @param other - JSON of which something may be put into this one */
export function mutateJson(json: string, other: string, random: Random): string {
  const root = { root: JSON.parse(json) as unknown };
  const slots = slotsOf(root);
  const fromOther = (): unknown => {
    const places = slotsOf({ root: JSON.parse(other) as unknown });
    const { of, key } = pick(random, places);
    return of[key];
  };
  changeSlot(pick(random, slots), random, fromOther);
  // Nothing is left where the whole was taken out.
  return JSON.stringify(root.root) ?? '';
}

const looksLikeJson = (text: string): boolean => /^\s*[[{"]/.test(text);

/** A text that is nearly the same, or nothing like it; JSON within it is changed as JSON. */
export function mutateText(text: string, random: Random): string {
  if (looksLikeJson(text) && !oneIn(random, 4)) {
    try {
      return mutateJson(text, text, random);
    } catch {
      // It only began like JSON.
    }
  }
  const place = below(random, text.length + 1);
  const choice = random();
  if (choice < 0.4) return hostileText(random);
  if (choice < 0.6) return text.slice(0, place);
  if (choice < 0.9) return text.slice(0, place) + hostileText(random) + text.slice(place);
  return text + text;
}
