import type { Message } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { readMessages } from '../messages/message.js';

/** A line that begins with whose words follow, up to the next such line. */
const SPOKEN =
  /^(system|developer|user|assistant|tool): ?([\s\S]*?)(?=\n(?:system|developer|user|assistant|tool): |(?![\s\S]))/gm;

/** Up to 2025 the prompt was one text with a line for each message. */
const promptLines: ContentRule = {
  source: 'events',
  key: 'gen_ai.content.prompt/gen_ai.prompt',
  read: ({ events }): readonly Message[] =>
    events
      .filter(({ name }) => name === 'gen_ai.content.prompt')
      .flatMap(({ attributes }) => {
        const text = attributes.get('gen_ai.prompt');
        const lines = typeof text === 'string' ? [...text.matchAll(SPOKEN)] : [];
        return lines.flatMap(([, role = 'user', content = '']) =>
          readMessages({ role, content }, 'user'),
        );
      }),
};

/** OpenLIT: OTel attributes, which `otel-genai` reads, and its own form of the earlier events. */
export const openLit: Dialect = {
  name: 'openlit',
  marks: ['openlit.', 'gen_ai.application_name'],
  scopes: [/^openlit(?:\.|$)/],
  fields: { timeToFirstChunk: ['gen_ai.server.time_to_first_token', 'gen_ai.server.ttft'] },
  input: [promptLines],
};
