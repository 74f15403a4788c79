/** Numbers from 0 up to 1, the same for the same seed. @see https://github.com/bryc/code (mulberry32) */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SYLLABLES = ['ka', 'lo', 'mi', 'ter', 'an', 'be', 'rü', 'so', 'ni', 'du', 'ga', 'pel'];
const WORD_COUNT = 3_000;

function createWords(): readonly string[] {
  const random = createRandom(1);
  const syllable = (): string => SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? '';
  return Array.from({ length: WORD_COUNT }, () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, syllable).join(''),
  );
}

const WORDS = createWords();
const ENDS = ['.\n', ', "', '" ', ': ', '. ', '; '];

/** Text that is new each time, compresses like prose, and needs escaping in JSON as prose does. */
export function createText(random: () => number, characters: number): string {
  let text = '';
  while (text.length < characters) {
    const word = WORDS[Math.floor(random() ** 2 * WORDS.length)] ?? '';
    text += word + (random() < 0.12 ? (ENDS[Math.floor(random() * ENDS.length)] ?? ' ') : ' ');
  }
  return text.slice(0, characters);
}
