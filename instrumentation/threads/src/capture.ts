import type { Message, Part } from './message.js';

const VARIABLE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT';

/** Values of the variable that put content on spans; case does not matter. */
const ON: ReadonlySet<string> = new Set(['true', '1', 'span_only', 'span_and_event']);

/** What of conversations leaves the process. */
export interface CaptureConfig {
  /**
   * Whether what models, agents and tools are sent and say is recorded. Messages that the application
   * tracks itself always are.
   * @default `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, else false
   */
  readonly captureContent?: boolean;
  /** Changes a message before it is recorded. Where it throws, the message is recorded without content. */
  readonly mask?: (message: Message) => Message;
}

let config: CaptureConfig = {};

/** Sets what is captured, for all our packages in this process; what is left out stays as it is. */
export function configure(changes: CaptureConfig): void {
  config = { ...config, ...changes };
}

function variable(): string {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[VARIABLE] ?? '';
}

/** Whether content that the application did not track itself may be recorded. */
export const capturesContent = (): boolean =>
  config.captureContent ?? ON.has(variable().toLowerCase());

function masked(message: Message): Message {
  if (config.mask === undefined) return message;
  try {
    return config.mask(message);
  } catch {
    return { role: message.role, parts: [{ type: 'text', content: '[redacted]' }] };
  }
}

/** Large integers and what refers to itself have no JSON; they must not cost the message. */
function replacer(): (this: unknown, key: string, value: unknown) => unknown {
  const above: unknown[] = [];
  return function replace(_key, value) {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(value)) return '[circular]';
    above.push(value);
    return value;
  };
}

/** JSON text of any value. */
export const encodeJson = (value: unknown): string => JSON.stringify(value, replacer()) ?? 'null';

/** What one says apart from any message, as instructions, as the text of an attribute, masked. */
export const encodeParts = (role: string, parts: readonly Part[]): string =>
  encodeJson(masked({ role, parts }).parts);

/** Messages as the text of an attribute, masked. */
export const encodeMessages = (messages: readonly Message[]): string =>
  encodeJson(messages.map(masked));
