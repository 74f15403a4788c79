import type { Dialect } from '../dialect.js';

/**
 * What our own packages, and anyone by hand, say beside the GenAI conventions. A tracked message is
 * a span or log record with `colloquy.span.kind` = `message`, its id in `colloquy.message.id`, and the one
 * message in `gen_ai.input.messages` or, of an assistant, in `gen_ai.output.messages`.
 */
export const colloquy: Dialect = {
  name: 'colloquy',
  marks: ['colloquy.'],
  kinds: [{ key: 'colloquy.span.kind', kinds: { message: 'message' } }],
  fields: { messageId: ['colloquy.message.id'] },
};
