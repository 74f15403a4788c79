import type { Message } from '@colloquy/schema';
import { TEXTS, type Made, type TextMemory } from '../text-memory.js';

/**
 * A reference stands between two private-use characters: how often the text was escaped as
 * JSON, by which habit, and where it is: `i` input, `o` output, `s` system; message; part.
 * `E000 E001` with nothing between is an E000 that was there before.
 */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const REFERENCE = /\uE000(?:(\d)([ja])([ios]\d+\.\d+))?\uE001/g;

/** A string that is replaced by a reference to the input. */
const INPUT_REFERENCE = /^\uE000\d[ja]i(\d+)\.\d+\uE001$/;

/** Shorter texts cost less than their reference. */
const MIN_TEXT = 32;
const MAX_DEPTH = 3;

/** The messages of one span or log record, by the letter that references use. */
export interface Sides {
  readonly i: readonly Message[];
  readonly o: readonly Message[];
  readonly s: readonly Message[];
}

/** Every text of the messages and the reference to it; and the other way round. */
export interface References {
  readonly input: readonly Message[];
  readonly byText: ReadonlyMap<string, string>;
  /** By the text as it stands in JSON. */
  readonly byEscaped: ReadonlyMap<string, string>;
  readonly byReference: ReadonlyMap<string, string>;
}

const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A text of a message that is worth a reference. */
interface PlacedText {
  readonly place: number;
  readonly text: string;
  /** The same, in most cases. */
  readonly escaped: string;
}

function findTexts({ parts }: Message): readonly PlacedText[] {
  return parts.flatMap((part, place) => {
    const text =
      part.type === 'tool_call_response'
        ? part.response
        : 'content' in part
          ? part.content
          : undefined;
    if (typeof text !== 'string' || text.length < MIN_TEXT) return [];
    const escaped = escapeJson(text);
    return [{ place, text, escaped: escaped.length === text.length ? text : escaped }];
  });
}

/** Messages are sent again and again, and are the same objects then. */
const texts = new WeakMap<Message, readonly PlacedText[]>();

function textsOf(message: Message): readonly PlacedText[] {
  const known = texts.get(message) ?? findTexts(message);
  texts.set(message, known);
  return known;
}

export function referencesOf({ i, o, s }: Sides): References {
  const byText = new Map<string, string>();
  const byEscaped = new Map<string, string>();
  const byReference = new Map<string, string>();
  for (const [side, messages] of [
    ['i', i],
    ['o', o],
    ['s', s],
  ] as const)
    for (const [index, message] of messages.entries())
      for (const { place, text, escaped } of textsOf(message)) {
        const reference = `${side}${index}.${place}`;
        byReference.set(reference, text);
        if (byText.has(text)) continue;
        byText.set(text, reference);
        byEscaped.set(escaped, reference);
      }
  return { input: i, byText, byEscaped, byReference };
}

/** What no JSON string may hold as it is, and halves of a pair that stand alone. */
const TO_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Python's `json.dumps` escapes everything beyond ASCII. */
const escapeAscii = (text: string): string =>
  escapeJson(text).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const ESCAPES = { j: escapeJson, a: escapeAscii } as const;

/** Where the string that opens at `start` ends: its closing quote, or -1 when it was cut. */
function endOfLiteral(value: string, start: number): number {
  let end = value.indexOf('"', start + 1);
  while (end !== -1) {
    let first = end;
    while (value[first - 1] === '\\') first -= 1;
    if ((end - first) % 2 === 0) return end;
    end = value.indexOf('"', end + 1);
  }
  return -1;
}

interface Replaced {
  /** What came of the value up to the end of its last string. */
  readonly text: string;
  /** Where that is. */
  readonly end: number;
}

/**
 * Replaces what stands between the quotes of each string; in one pass, however the JSON was cut.
 * @param from - outside of any string
 */
function replaceLiterals(value: string, replace: (body: string) => string, from = 0): Replaced {
  const pieces: string[] = [];
  let copied = from;
  let start = value.indexOf('"', from);
  while (start !== -1) {
    const end = endOfLiteral(value, start);
    if (end === -1) break;
    const body = value.slice(start + 1, end);
    const replaced = replace(body);
    if (replaced !== body) {
      pieces.push(value.slice(copied, start + 1), replaced);
      copied = end;
    }
    start = value.indexOf('"', end + 1);
    if (start === -1) return { text: pieces.join('') + value.slice(copied, end + 1), end: end + 1 };
  }
  return { text: pieces.join(''), end: copied };
}

function unescape(body: string): string | undefined {
  if (!body.includes('\\')) return body;
  try {
    return JSON.parse(`"${body}"`) as string;
  } catch {
    return undefined;
  }
}

/** How `body` was made of the text; `undefined` when no way is known that would give it back. */
function habitOf(text: string, body: string): keyof typeof ESCAPES | undefined {
  if (text === body && !TO_ESCAPE.test(text)) return 'j';
  if (escapeJson(text) === body) return 'j';
  return escapeAscii(text) === body ? 'a' : undefined;
}

function foldLiteral(body: string, references: References, depth: number): string {
  const direct = references.byEscaped.get(body);
  if (direct !== undefined) return `${OPEN}${depth}j${direct}${CLOSE}`;
  const { byText } = references;
  const text = unescape(body);
  if (text === undefined) return body;
  const reference = byText.get(text);
  const canHold = depth < MAX_DEPTH && text.includes('"');
  if (reference === undefined && !canHold) return body;
  const habit = habitOf(text, body);
  if (reference !== undefined && habit !== undefined)
    return `${OPEN}${depth}${habit}${reference}${CLOSE}`;
  if (habit !== 'j') return body;
  const { text: folded, end } = replaceLiterals(text, (inner) =>
    inner.length < MIN_TEXT ? inner : foldLiteral(inner, references, depth + 1),
  );
  return folded === text.slice(0, end) ? body : escapeJson(folded + text.slice(end));
}

/** A value as far as it was folded, by references to nothing but the input. */
interface Folded extends Replaced {
  readonly input: readonly Message[];
  /** How many messages of the input the references depend on. */
  readonly used: number;
}

const values: Made<Folded> = new WeakMap();

/** What a value has in common with one before it is folded alike while the same messages stand in the same places. */
function earlierOf(value: string, { input }: References, memory: TextMemory): Folded | undefined {
  const before = memory.earlier(value, values);
  if (before === undefined || before.made.end > before.shared) return undefined;
  const { used, input: known } = before.made;
  for (let index = 0; index < used; index += 1) if (input[index] !== known[index]) return undefined;
  return before.made;
}

function foldValue(value: string, references: References, memory: TextMemory): string {
  const before = earlierOf(value, references, memory);
  let used = before?.used ?? 0;
  let dependsOnInputAlone = true;
  const { text, end } = replaceLiterals(
    value,
    (body) => {
      if (body.length < MIN_TEXT) return body;
      const folded = foldLiteral(body, references, 1);
      const place = INPUT_REFERENCE.exec(folded)?.[1];
      if (place === undefined) dependsOnInputAlone = false;
      else used = Math.max(used, Number(place) + 1);
      return folded;
    },
    before?.end,
  );
  const folded = before === undefined ? text : before.text + text;
  if (dependsOnInputAlone)
    memory.keep(value, values, { text: folded, end, input: references.input, used });
  return folded + value.slice(end);
}

/** Puts the texts back; the reverse of {@link foldText}. */
export function unfoldText(
  value: string,
  { byReference }: Pick<References, 'byReference'>,
): string {
  if (!value.includes(OPEN)) return value;
  return value.replaceAll(
    REFERENCE,
    (whole, depth: string | undefined, habit: 'j' | 'a', reference: string) => {
      if (depth === undefined) return OPEN;
      let text = byReference.get(reference);
      if (text === undefined) return whole;
      for (let level = 0; level < Number(depth); level += 1) text = ESCAPES[habit](text);
      return text;
    },
  );
}

/** False for texts that {@link foldText} gives back as they are, whatever the messages. */
export const isFoldable = (value: string): boolean =>
  value.length >= MIN_TEXT || value.includes(OPEN);

/**
 * Replaces the texts of messages inside an attribute by references to them, so that history
 * which is sent again with every call is stored once. Finds them bare, and as JSON strings up
 * to three encodings deep. {@link unfoldText} gives back the same value to the letter.
 * @param memory - of texts; it saves time and changes nothing
 */
export function foldText(
  value: string,
  references: References,
  memory: TextMemory = TEXTS,
): string {
  const guarded = value.includes(OPEN) ? value.replaceAll(OPEN, OPEN + CLOSE) : value;
  if (value.length < MIN_TEXT || references.byText.size === 0 || guarded !== value) return guarded;
  const whole = references.byText.get(value);
  if (whole !== undefined) return `${OPEN}0j${whole}${CLOSE}`;
  if (!value.includes('"')) return value;
  return foldValue(value, references, memory);
}
