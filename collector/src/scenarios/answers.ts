import type { Scenario } from './scenario.js';
import { BOOK, TIME, WEATHER } from './tools.js';
import { SYSTEM } from './travel.js';

const base = { system: SYSTEM, tools: [WEATHER, TIME, BOOK] } as const;

/** What models answer, and what becomes of it. */
export const ANSWERS: readonly Scenario[] = [
  {
    ...base,
    name: 'parallel-tools',
    about: 'two tool calls in one answer without text',
    steps: [
      {
        user: 'Weather and time in Zürich?',
        replies: [
          {
            toolCalls: [
              { id: 'call_par_1', name: 'get_weather', arguments: { city: 'Zürich' } },
              { id: 'call_par_2', name: 'get_time', arguments: { city: 'Zürich' } },
            ],
          },
          { text: '21 °C, clear, and it is 14:05.' },
        ],
      },
      { user: 'Lovely.', replies: [{ text: 'Enjoy the afternoon.' }] },
    ],
  },
  {
    ...base,
    name: 'text-and-tool',
    about: 'text and a tool call in one answer, then two tool calls one after the other',
    steps: [
      {
        user: 'Plan my afternoon in Zürich.',
        replies: [
          {
            text: 'Let me look at the weather.',
            toolCalls: [{ id: 'call_txt_1', name: 'get_weather', arguments: { city: 'Zürich' } }],
          },
          {
            text: 'And at the clock.',
            toolCalls: [{ id: 'call_txt_2', name: 'get_time', arguments: { city: 'Zürich' } }],
          },
          { text: 'Clear sky and 14:05: take the 15:00 boat.' },
        ],
      },
      { user: 'And after the boat?', replies: [{ text: 'Dinner in the old town.' }] },
    ],
  },
  {
    ...base,
    name: 'tool-error',
    about: 'a tool fails and the model is told',
    steps: [
      {
        user: 'Book me a seat on the IC 8.',
        replies: [
          { toolCalls: [{ id: 'call_err_1', name: 'book_seat', arguments: { train: 'IC 8' } }] },
          { text: 'Booking opens again at 06:00; I cannot do it now.' },
        ],
      },
      { user: 'Then tomorrow.', replies: [{ text: 'Ask me after six.' }] },
    ],
  },
  {
    ...base,
    name: 'retry',
    about: 'a call fails twice before it succeeds',
    steps: [
      { user: 'Which train is fastest?', replies: [{ text: 'The IC 8.' }] },
      {
        user: 'And the most scenic?',
        replies: [{ status: 500 }, { status: 429 }, { text: 'The Voralpen-Express.' }],
      },
      { user: 'I take that.', replies: [{ text: 'Good choice.' }] },
    ],
  },
  {
    ...base,
    name: 'stream-tools',
    about: 'text and tool calls, all streamed',
    steps: [
      {
        user: 'How warm is it?',
        stream: true,
        replies: [
          {
            text: 'One moment.',
            toolCalls: [{ id: 'call_str_1', name: 'get_weather', arguments: { city: 'Zürich' } }],
          },
          { text: 'It is 21 °C in Zürich, warm enough for the lake.' },
        ],
      },
      { user: 'Great!', stream: true, replies: [{ text: 'Do not forget a towel.' }] },
    ],
  },
  {
    ...base,
    name: 'abandoned-stream',
    about: 'the app leaves a stream and goes on with what it has',
    tools: [],
    steps: [
      { user: 'Hello Colette!', replies: [{ text: 'Hello! Where to?' }] },
      {
        user: 'Tell me all about Lucerne.',
        stream: true,
        abandonAfter: 3,
        replies: [
          { text: 'Lucerne lies where the Reuss leaves the lake. Its chapel bridge is from 1333.' },
        ],
      },
      { user: 'Too long. One sentence!', replies: [{ text: 'Lake, bridge, mountains.' }] },
    ],
  },
  {
    ...base,
    name: 'reasoning',
    about: 'the model thinks before it answers and before it calls a tool',
    steps: [
      {
        user: 'Lake or museum today?',
        replies: [
          {
            reasoning: 'It depends on the weather, so look it up.',
            toolCalls: [{ id: 'call_rea_1', name: 'get_weather', arguments: { city: 'Zürich' } }],
          },
          { reasoning: 'Clear and 21 °C: outdoors.', text: 'The lake.' },
        ],
      },
      {
        user: 'And tomorrow?',
        replies: [{ reasoning: 'They like museums as well.', text: 'The museum.' }],
      },
    ],
  },
  {
    ...base,
    name: 'structured',
    about: 'an answer bound to a JSON schema',
    tools: [],
    steps: [
      {
        user: 'Name a city and its lake.',
        schema: {
          type: 'object',
          properties: { city: { type: 'string' }, lake: { type: 'string' } },
          required: ['city', 'lake'],
          additionalProperties: false,
        },
        replies: [{ text: '{"city":"Zürich","lake":"Zürichsee"}' }],
      },
      { user: 'Thanks.', replies: [{ text: 'You are welcome.' }] },
    ],
  },
];
