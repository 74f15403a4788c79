import type { Message } from '@colloquy/schema';

/**
 * A reference stands between two private-use characters: how often the text was escaped as
 * JSON, by which habit, and where it is: `i` input, `o` output, `s` system; message; part.
 * `E000 E001` with nothing between is an E000 that was there before.
 */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const REFERENCE = /\uE000(?:(\d)([ja])([ios]\d+\.\d+))?\uE001/g;

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
  readonly byText: ReadonlyMap<string, string>;
  readonly byReference: ReadonlyMap<string, string>;
}

function* textsOf(
  messages: readonly Message[],
  side: string,
): Generator<readonly [reference: string, text: string]> {
  for (const [index, { parts }] of messages.entries()) {
    for (const [place, part] of parts.entries()) {
      const text =
        part.type === 'tool_call_response'
          ? part.response
          : 'content' in part
            ? part.content
            : undefined;
      if (typeof text === 'string' && text.length >= MIN_TEXT)
        yield [`${side}${index}.${place}`, text];
    }
  }
}

export function referencesOf({ i, o, s }: Sides): References {
  const pairs = [...textsOf(i, 'i'), ...textsOf(o, 'o'), ...textsOf(s, 's')];
  return {
    byText: new Map(pairs.toReversed().map(([reference, text]) => [text, reference])),
    byReference: new Map(pairs),
  };
}

const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** What no JSON string may hold as it is, and halves of a pair that stand alone. */
const TO_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;

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

/** Replaces what stands between the quotes of each string; in one pass, however the JSON was cut. */
function replaceLiterals(value: string, replace: (body: string) => string): string {
  const pieces: string[] = [];
  let copied = 0;
  let start = value.indexOf('"');
  while (start !== -1) {
    const end = endOfLiteral(value, start);
    if (end === -1) break;
    pieces.push(value.slice(copied, start + 1), replace(value.slice(start + 1, end)));
    copied = end;
    start = value.indexOf('"', end + 1);
  }
  return pieces.join('') + value.slice(copied);
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

function foldLiterals(value: string, byText: References['byText'], depth: number): string {
  return replaceLiterals(value, (body) => {
    if (body.length < MIN_TEXT) return body;
    const text = unescape(body);
    if (text === undefined) return body;
    const reference = byText.get(text);
    const canHold = depth < MAX_DEPTH && text.includes('"');
    if (reference === undefined && !canHold) return body;
    const habit = habitOf(text, body);
    if (reference !== undefined && habit !== undefined)
      return `${OPEN}${depth}${habit}${reference}${CLOSE}`;
    if (habit !== 'j') return body;
    const folded = foldLiterals(text, byText, depth + 1);
    return folded === text ? body : escapeJson(folded);
  });
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
 */
export function foldText(value: string, references: References): string {
  const guarded = value.includes(OPEN) ? value.replaceAll(OPEN, OPEN + CLOSE) : value;
  if (value.length < MIN_TEXT || references.byText.size === 0 || guarded !== value) return guarded;
  const whole = references.byText.get(value);
  if (whole !== undefined) return `${OPEN}0j${whole}${CLOSE}`;
  if (!value.includes('"')) return value;
  return foldLiterals(value, references.byText, 1);
}
