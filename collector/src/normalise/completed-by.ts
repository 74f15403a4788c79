import type { Message, Part } from '@colloquy/schema';
import { plainOrJson } from './content-rules.js';
import type { ContentRule } from './dialect.js';

/** A text that holds bytes, a file or thoughts, in any API's way. */
const UNNUMBERED = /;base64,|"(?:file_id|file_data|data|base64)"|"type": ?"(?:reasoning|thinking)"/;

const isSystem = ({ role }: Message): boolean => role === 'system';

/** OpenInference hides long or unknown media where it numbers messages. */
const isHidden = (part: Part): boolean => part.type === 'blob' && part.content === '__REDACTED__';

/** True when the whole message says all that the numbered one tells. */
function holds(whole: Message, told: Message | undefined): boolean {
  if (told === undefined || whole.role !== told.role) return false;
  const parts = new Set(whole.parts.map((part) => JSON.stringify(part)));
  return told.parts.every((part) => isHidden(part) || parts.has(JSON.stringify(part)));
}

/**
 * Numbered attributes leave out what their writer has no name for, documents above all. The raw
 * text beside them is read instead where it holds such and says all that they tell; the
 * instructions may stand elsewhere in it.
 *
 * @param key - the attribute that holds the raw request or response as JSON text
 */
export function completedBy(key: string, side: 'input' | 'output', rule: ContentRule): ContentRule {
  const raw = plainOrJson(key, side);
  return {
    ...rule,
    read: (subject) => {
      const told = rule.read(subject);
      const text = subject.attributes.get(key);
      if (told === undefined || typeof text !== 'string' || !UNNUMBERED.test(text)) return told;
      const said = told.filter((message) => !isSystem(message));
      const whole = (raw.read(subject) ?? []).filter((message) => !isSystem(message));
      const isSame =
        whole.length === said.length &&
        whole.every((message, index) => holds(message, said[index]));
      return isSame ? [...told.filter(isSystem), ...whole] : told;
    },
  };
}
