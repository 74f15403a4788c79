import type { Message, Role } from '@colloquy/schema';
import type { ContentRule, Subject } from './dialect.js';
import { readWhole } from './read-whole.js';

type Event = Subject['events'][number];

const NAME = 'gen_ai.client.inference.operation.details';
const KEYS = {
  system: 'gen_ai.system_instructions',
  input: 'gen_ai.input.messages',
  output: 'gen_ai.output.messages',
} as const;
const ROLES: Readonly<Record<keyof typeof KEYS, Role>> = {
  system: 'system',
  input: 'user',
  output: 'assistant',
};

const holds = ({ attributes }: Event, side: keyof typeof KEYS): boolean =>
  attributes.get(KEYS[side]) != null;

/** The events by the call they tell of: Strands tells of one call in several, each with another side of it. */
function splitEvents({ events }: Subject): readonly (readonly Event[])[] {
  const details = events.filter(({ name }) => name === NAME);
  const starts = details.flatMap((event, index) => (holds(event, 'input') ? [index] : [])).slice(1);
  return [0, ...starts].map((start, index) => details.slice(start, starts[index]));
}

const readSide = (events: readonly Event[], side: keyof typeof KEYS): readonly Message[] =>
  events
    .filter((event) => holds(event, side))
    .flatMap(({ attributes }) => readWhole(attributes.get(KEYS[side]) ?? null, ROLES[side]) ?? []);

/** The event in which a model call tells all, conventions 1.37 on; a span with several calls has several. */
export const operationDetails = (side: keyof typeof KEYS): ContentRule => ({
  source: 'events',
  key: `${NAME}/${KEYS[side]}`,
  read: ({ events }) =>
    readSide(
      events.filter(({ name }) => name === NAME),
      side,
    ),
  counts: (subject) => splitEvents(subject).map((events) => readSide(events, side).length),
});
