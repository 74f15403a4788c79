import type { Telemetry } from '../../query/testing/test-store.js';
import { telemetryOf, vary } from '../../query/testing/vary.js';
import type { Recording } from '../load-recording.js';

/** What was recorded, as if the application had said no id, in words and traces of its own. */
export function unnamed({ expected, ...recording }: Recording, copy: number): Telemetry {
  const { threadId, messages } = expected;
  const nameless = vary(telemetryOf({ expected, ...recording }), '', {
    words: [threadId, ''],
    salt: `copy-${copy}`,
    shiftNano: BigInt(copy) * 1_000_000n,
  });
  const asked = messages
    .find(({ role }) => role === 'user')
    ?.parts.flatMap((part) => (part.type === 'text' ? [part.content] : []))[0];
  const [first = ''] = (asked ?? '').split(/[^\w ]/);
  return vary(nameless, '', { words: [first, `${first} ${copy}`] });
}
