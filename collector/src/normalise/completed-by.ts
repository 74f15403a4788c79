import type { Message, Part } from '@colloquy/schema';
import { plainOrJson } from './content-rules.js';
import type { ContentRule } from './dialect.js';

/** A request that holds bytes or a file, in any API's way. */
const FILES = /;base64,|"(?:file_id|file_data|data)"/;

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
 * request beside them is read instead where it holds files and says all that they tell.
 *
 * @param key - the attribute that holds the raw request as JSON text
 */
export function completedBy(key: string, rule: ContentRule): ContentRule {
  const raw = plainOrJson(key, 'input');
  return {
    source: rule.source,
    read: (subject) => {
      const told = rule.read(subject);
      const request = subject.attributes.get(key);
      if (told === undefined || typeof request !== 'string' || !FILES.test(request)) return told;
      const whole = raw.read(subject) ?? [];
      const isSame =
        whole.length === told.length &&
        whole.every((message, index) => holds(message, told[index]));
      return isSame ? whole : told;
    },
  };
}
