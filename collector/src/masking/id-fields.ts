/** Where ids of threads and users stand. Who builds the pipeline knows them. */
export interface IdFields {
  /** Attributes that are an id. */
  readonly attributes: ReadonlySet<string>;
  /** Attributes that stand for an id where there is none, and tell more than that. */
  readonly addresses: ReadonlySet<string>;
  /** Attributes with JSON that may hold ids. */
  readonly containers: ReadonlySet<string>;
  /** What the ids are called within those. */
  readonly names: readonly string[];
}

/** How far before a value its name is looked for, white space and escapes included. */
const REACH = 300;

/** Whether a place in a JSON text lies within the value of one of these fields. */
export function createFieldTest(
  names: readonly string[],
): (source: string, index: number) => boolean {
  const field = new RegExp(`\\\\*"(?:${names.join('|')})\\\\*"\\s*:\\s*\\\\*"[^"]*$`);
  return (source, index) => field.test(source.slice(Math.max(0, index - REACH), index));
}
