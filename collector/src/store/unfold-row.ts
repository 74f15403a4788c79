import type { Contents, GenAiFact, Message } from '@colloquy/schema';
import { referencesOf, unfoldText } from './fold.js';

/** Keeps the place of a content that is gone, so that references to the others still lead there. */
const GONE: Message = { role: '', parts: [] };

/** Puts the texts of a record's messages back into its attributes. @param contents - those of its own messages at least */
export function createUnfold(fact: GenAiFact, contents: Contents): (text: string) => string {
  const side = (hashes: readonly string[]): readonly Message[] =>
    hashes.map((hash) => contents.get(hash) ?? GONE);
  const references = referencesOf({
    i: side(fact.inputHashes),
    o: side(fact.outputHashes),
    s: side(fact.systemHashes),
  });
  return (text) => unfoldText(text, references);
}
