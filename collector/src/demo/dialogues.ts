import type { ScriptedTurn } from '@colloquy/fake-provider';
import type { ScenarioTool, Step } from '../scenarios/scenario.js';

/** One person's conversation with the chat service. */
export interface Dialogue {
  readonly userId: string;
  readonly threadId: string;
  readonly turns: readonly (ScriptedTurn & Pick<Step, 'stream'>)[];
}

/** The assistant that both people talk to. */
export const ASSISTANT: { readonly system: string; readonly tool: ScenarioTool } = {
  system: 'You are Colette, a travel companion. Answer briefly.',
  tool: {
    name: 'get_weather',
    description: 'The current weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    result: { city: 'Lisbon', celsius: 24, sky: 'clear' },
  },
};

/** What is said; no two people say the same, so that the fake provider can tell them apart. */
export const DIALOGUES: readonly Dialogue[] = [
  {
    userId: 'ada',
    threadId: 'ada-weekend-trip',
    turns: [
      {
        user: 'I have a free weekend in May. Where should I go by train from Porto?',
        replies: [{ text: 'Lisbon: three hours along the coast, and May is before the crowds.' }],
      },
      {
        user: 'What is the weather there now?',
        replies: [
          {
            toolCalls: [
              { id: 'call_weather_1', name: 'get_weather', arguments: { city: 'Lisbon' } },
            ],
          },
          { text: 'It is 24 °C and clear in Lisbon.' },
        ],
      },
      {
        user: 'Lovely. Plan my Saturday.',
        stream: true,
        replies: [
          {
            text: 'Morning: tram 28 up to Alfama, before it fills.\nAfternoon: the tile museum, then a pastel de nata in Belém.\nEvening: fado in Mouraria. 🎶',
          },
        ],
      },
    ],
  },
  {
    userId: 'grace',
    threadId: 'grace-moth',
    turns: [
      {
        user: 'Why is a fault in a program called a bug?',
        replies: [
          {
            text: 'Engineers said so long before computers; Edison did in 1878. In 1947 a real moth was found in a relay of the Harvard Mark II and taped into the log book.',
          },
        ],
      },
      {
        user: 'Where is that log book today?',
        replies: [{ text: 'In the National Museum of American History in Washington.' }],
      },
      {
        user: 'Thanks!',
        replies: [{ text: 'You are welcome. Say hello to the moth from me.', cachedTokens: 64 }],
      },
    ],
  },
];
