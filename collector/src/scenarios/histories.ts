import type { Scenario } from './scenario.js';
import { WEATHER } from './tools.js';
import { SYSTEM } from './travel.js';

const base = { system: SYSTEM, tools: [] } as const;

/** What apps do with their history. */
export const HISTORIES: readonly Scenario[] = [
  {
    ...base,
    name: 'system-change',
    about: 'the system prompt changes mid-way',
    steps: [
      { user: 'Good morning!', replies: [{ text: 'Good morning! Where shall we go?' }] },
      { user: 'To the mountains.', replies: [{ text: 'The Rigi is close.' }] },
      {
        system: 'You are Colette, a travel companion.\nAnswer in German.',
        user: 'How do I get there?',
        replies: [{ text: 'Mit dem Zug nach Arth-Goldau.' }],
      },
      { user: 'And back?', replies: [{ text: 'Mit dem Schiff ab Vitznau.' }] },
    ],
  },
  {
    ...base,
    name: 'regenerated',
    about: 'the same question is answered again',
    steps: [
      { user: 'Suggest a lake.', replies: [{ text: 'Lake Zug.' }] },
      { user: 'Suggest a mountain.', replies: [{ text: 'The Pilatus.' }] },
      { replies: [{ text: 'The Säntis.' }] },
      { user: 'Why that one?', replies: [{ text: 'It has the wider view.' }] },
    ],
  },
  {
    ...base,
    name: 'edited',
    about: 'the user rewrites an earlier question',
    steps: [
      { user: 'I have one day.', replies: [{ text: 'Then stay in the city.' }] },
      { user: 'What about Basel?', replies: [{ text: 'Basel has forty museums.' }] },
      { user: 'Too many!', replies: [{ text: 'Then one: the Beyeler.' }] },
      { edit: 2, user: 'What about Geneva?', replies: [{ text: 'Geneva has the fountain.' }] },
      { user: 'Perfect.', replies: [{ text: 'Two hours forty by train.' }] },
    ],
  },
  {
    ...base,
    name: 'edited-first',
    about: 'the user rewrites the first question',
    steps: [
      { user: 'Plan a weekend in Rome.', replies: [{ text: 'Start at the Forum.' }] },
      { edit: 1, user: 'Plan a weekend in Turin.', replies: [{ text: 'Start at the Mole.' }] },
      { user: 'And then?', replies: [{ text: 'The Egyptian Museum.' }] },
    ],
  },
  {
    ...base,
    name: 'interleaved',
    about: 'two conversations take turns in one process',
    steps: [
      { thread: 'anna', user: 'Hello!', replies: [{ text: 'Hello! How can I help?' }] },
      { thread: 'ben', user: 'Hello!', replies: [{ text: 'Hello! How can I help?' }] },
      { thread: 'anna', user: 'A lake, please.', replies: [{ text: 'Lake Thun.' }] },
      { thread: 'ben', user: 'A museum, please.', replies: [{ text: 'The Zentrum Paul Klee.' }] },
      { thread: 'anna', user: 'Thanks!', replies: [{ text: 'My pleasure.' }] },
      { thread: 'ben', user: 'Thanks!', replies: [{ text: 'My pleasure.' }] },
    ],
  },
  {
    ...base,
    name: 'windowed',
    about: 'the app sends the newest messages only',
    steps: [
      { user: 'First stop?', replies: [{ text: 'Schaffhausen.' }] },
      { user: 'Second stop?', replies: [{ text: 'Stein am Rhein.' }] },
      { user: 'Third stop?', replies: [{ text: 'Konstanz.' }] },
      { window: 5, user: 'Fourth stop?', replies: [{ text: 'Lindau.' }] },
      { window: 5, user: 'Fifth stop?', replies: [{ text: 'Bregenz.' }] },
      { window: 5, user: 'Last stop?', replies: [{ text: 'St. Gallen.' }] },
    ],
  },
  {
    ...base,
    name: 'compacted',
    about: 'a summary takes the place of the history',
    steps: [
      { user: 'I am vegetarian.', replies: [{ text: 'Noted.' }] },
      { user: 'I travel with a dog.', replies: [{ text: 'Dogs ride at half price.' }] },
      { user: 'I leave on Friday.', replies: [{ text: 'Then book by Thursday.' }] },
      {
        compact:
          'Summary of the conversation so far: a vegetarian who travels with a dog and leaves on Friday.',
        user: 'Find me a hotel.',
        replies: [{ text: 'The Hirschen takes dogs and cooks vegetarian.' }],
      },
      { user: 'Book it.', replies: [{ text: 'Booked from Friday on.' }] },
    ],
  },
  {
    ...base,
    name: 'response-chain',
    about: 'each call sends what is new and names the response before it',
    chained: true,
    tools: [WEATHER],
    steps: [
      {
        user: 'Is it warm in Zürich?',
        replies: [
          { toolCalls: [{ id: 'call_cha_1', name: 'get_weather', arguments: { city: 'Zürich' } }] },
          { text: 'Yes, 21 °C.' },
        ],
      },
      { user: 'ok', replies: [{ text: 'Bring a hat.' }] },
      { user: 'ok', replies: [{ text: 'And water.' }] },
    ],
  },
];
