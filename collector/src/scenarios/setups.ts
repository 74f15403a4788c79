import type { Scenario } from './scenario.js';
import { WEATHER } from './tools.js';
import { SYSTEM } from './travel.js';

const base = {
  system: SYSTEM,
  tools: [WEATHER],
  steps: [
    { user: 'Where am I welcome with a tent?', replies: [{ text: 'At the Fischers Fritz.' }] },
    {
      user: 'Will it rain?',
      replies: [
        { toolCalls: [{ id: 'call_set_1', name: 'get_weather', arguments: { city: 'Zürich' } }] },
        { text: 'No, the sky is clear.' },
      ],
    },
    { user: 'ok', replies: [{ text: 'Sleep well.' }] },
  ],
} as const satisfies Partial<Scenario>;

/** How apps set their tracing up. */
export const SETUPS: readonly Scenario[] = [
  { ...base, name: 'http-root', about: 'a web framework opens the trace', root: 'http' },
  {
    ...base,
    name: 'missing-root',
    about: 'the root span never arrives',
    root: 'missing',
    threadIdOn: 'child',
  },
  { ...base, name: 'id-on-root', about: 'the thread id is on the root alone', threadIdOn: 'root' },
  { ...base, name: 'id-on-child', about: 'the thread id is on a child alone', threadIdOn: 'child' },
  { ...base, name: 'id-on-last', about: 'the last span brings the id', threadIdOn: 'last' },
  { ...base, name: 'unnamed', about: 'nobody says a thread id', threadIdOn: 'none' },
  { ...base, name: 'no-capture', about: 'content capture is off', capture: false },
  {
    ...base,
    name: 'cut',
    about: 'attribute values are cut at 60 characters',
    valueLengthLimit: 60,
  },
];
