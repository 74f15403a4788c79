import type { SpanFact } from '@colloquy/schema';

/** What some tracers do, by their dialects, where no single fact shows it. */
const HABITS = {
  /** Never sends the history, only what is new. */
  tellsNewOnly: ['claude-code', 'codex'],
  /** Tells every call in spans and once more in log records outside any trace. */
  tellsTwice: ['gemini-cli'],
  /** May tell of messages the text alone; histories of others are not looked through for it. */
  flattens: ['openllmetry'],
} as const satisfies Record<string, readonly string[]>;

/** The dialects of a fact whose tracers are known for a habit. */
export function dialectsThat(
  habit: keyof typeof HABITS,
  { dialects }: Pick<SpanFact, 'dialects'>,
): readonly string[] {
  const known: readonly string[] = HABITS[habit];
  return dialects.filter((dialect) => known.includes(dialect));
}
