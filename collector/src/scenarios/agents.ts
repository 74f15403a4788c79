import type { Scenario } from './scenario.js';
import { HISTORIAN, TRANSFER } from './tools.js';
import { SYSTEM } from './travel.js';

/** More than one voice. */
export const AGENTS: readonly Scenario[] = [
  {
    name: 'sub-agent',
    about: 'a tool that is an agent with instructions of its own',
    system: SYSTEM,
    tools: [HISTORIAN],
    steps: [
      {
        user: 'Who built the chapel bridge?',
        replies: [
          {
            toolCalls: [
              {
                id: 'call_sub_1',
                name: 'ask_historian',
                arguments: { question: 'Who built the chapel bridge in Lucerne?' },
              },
            ],
          },
          { text: 'The city of Lucerne built it in 1333 as part of its walls.' },
          { text: 'The city itself, in 1333.' },
        ],
      },
      { user: 'Impressive.', replies: [{ text: 'It is the oldest of its kind in Europe.' }] },
    ],
  },
  {
    name: 'hand-off',
    about: 'another agent takes over with the same history',
    system: SYSTEM,
    tools: [TRANSFER],
    steps: [
      { user: 'When is the next train to Bern?', replies: [{ text: 'At 14:32.' }] },
      {
        user: 'Book it for me.',
        replies: [
          {
            toolCalls: [
              {
                id: 'call_hand_1',
                name: 'transfer_to_booking',
                arguments: { reason: 'wants a ticket' },
              },
            ],
          },
          { text: 'Booking desk: one seat at 14:32, done.' },
        ],
      },
      { user: 'Window seat?', replies: [{ text: 'Seat 41, at the window.' }] },
    ],
  },
  {
    name: 'side-calls',
    about: 'a title and a classification, asked beside the conversation',
    system: SYSTEM,
    tools: [],
    steps: [
      {
        user: 'I want to see the Rhine Falls.',
        replies: [{ text: 'Take the S12 to Schloss Laufen am Rheinfall.' }],
        sideCalls: [
          {
            system: 'Give this conversation a title of at most five words.',
            user: 'I want to see the Rhine Falls.',
            reply: { text: 'Trip to the Rhine Falls' },
          },
          {
            system: 'Classify the message as one of: travel, weather, other.',
            user: 'I want to see the Rhine Falls.',
            reply: { text: 'travel' },
          },
        ],
      },
      { user: 'How long is the ride?', replies: [{ text: 'About fifty minutes.' }] },
      { user: 'Thank you.', replies: [{ text: 'Have fun!' }] },
    ],
  },
];
