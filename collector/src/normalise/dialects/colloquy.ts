import type { Dialect } from '../dialect.js';
import { readReport } from '../report.js';

/**
 * What our own packages, and anyone by hand, say beside the GenAI conventions; the table of attributes
 * is in the README of `@colloquy/threads`. A tracked message is a span or log record with
 * `colloquy.span.kind` = `message`, its id in `colloquy.message.id`, and the one message in
 * `gen_ai.input.messages` or, of an assistant, in `gen_ai.output.messages`.
 */
export const colloquy: Dialect = {
  name: 'colloquy',
  marks: ['colloquy.'],
  kinds: [
    {
      key: 'colloquy.span.kind',
      kinds: { message: 'message', event: 'event', feedback: 'feedback' },
    },
  ],
  fields: {
    messageId: ['colloquy.message.id'],
    parentMessageId: ['colloquy.parent.message_id'],
    report: [{ key: 'colloquy.span.kind', read: (_, subject) => readReport(subject) }],
  },
};
