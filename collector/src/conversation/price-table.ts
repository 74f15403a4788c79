/** US dollars for a million tokens of each class; the classes are disjoint. */
export interface PriceRow {
  /** What models it is for; `*` stands for any text, case does not matter. */
  readonly pattern: string;
  /** Input that was neither read from nor written to a cache. */
  readonly input: number;
  readonly output: number;
  /** As `input` where left out. */
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** As `output` where left out. */
  readonly reasoning: number;
}

/** A project's own prices; the first row that fits a model is its price. */
export type PriceTable = readonly PriceRow[];

/** The fields of a row in the file, and which stands in for one that is left out. */
const CLASSES = {
  input: undefined,
  output: undefined,
  cache_read: 'input',
  cache_write: 'input',
  reasoning: 'output',
} as const;
type Class = keyof typeof CLASSES;

const NAMES = Object.keys(CLASSES) as readonly Class[];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readRow(pattern: string, fields: unknown): PriceRow {
  if (!isRecord(fields)) throw new Error(`"${pattern}" has no prices`);
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(CLASSES, name));
  if (unknown !== undefined)
    throw new Error(`"${pattern}" has "${unknown}", which is none of ${NAMES.join(', ')}`);
  const priceOf = (name: Class): number => {
    const fallback = CLASSES[name];
    if (fields[name] === undefined && fallback !== undefined) return priceOf(fallback);
    const price = fields[name];
    if (typeof price !== 'number' || !(price >= 0))
      throw new Error(`"${pattern}" has no number of dollars for "${name}"`);
    return price;
  };
  return {
    pattern,
    input: priceOf('input'),
    output: priceOf('output'),
    cacheRead: priceOf('cache_read'),
    cacheWrite: priceOf('cache_write'),
    reasoning: priceOf('reasoning'),
  };
}

/**
 * Reads a table of prices from the text of a JSON file: an object of rows by model pattern.
 * @throws Error that says what is wrong with it
 */
export function parsePrices(text: string): PriceTable {
  const table = JSON.parse(text) as unknown;
  if (!isRecord(table)) throw new Error('it holds no object of prices by model');
  return Object.entries(table).map(([pattern, fields]) => readRow(pattern, fields));
}

/** Turns a pattern into an expression that holds for whole names. */
const expressionOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );

/** The first row for a model. */
export const findPrice = (table: PriceTable, model: string): PriceRow | undefined =>
  table.find(({ pattern }) => expressionOf(pattern).test(model));
