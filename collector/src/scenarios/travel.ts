import type { Scenario } from './scenario.js';
import { WEATHER } from './tools.js';

export const SYSTEM = 'You are Colette, a travel companion.\nAnswer briefly.';

/** The conversation every emitter can hold. */
export const TRAVEL: Scenario = {
  name: 'travel',
  about: 'several turns, a tool call, the same question twice, a stream, a failed call',
  system: SYSTEM,
  tools: [WEATHER],
  steps: [
    {
      user: 'I have two days in Switzerland before my flight home on Sunday evening, I travel by train and I like old towns, lakes and museums. Where should I go first?',
      replies: [
        {
          text: 'Zürich 🇨🇭:\n- the old town on both banks of the Limmat,\n- the lake,\n- the Kunsthaus.\n\nShall I check the weather? 🌤️',
        },
      ],
    },
    {
      user: 'Yes, what is the weather there?',
      replies: [
        {
          toolCalls: [{ id: 'call_weather_1', name: 'get_weather', arguments: { city: 'Zürich' } }],
        },
        { text: 'It is 21 °C and clear in Zürich.' },
      ],
    },
    { user: 'ok', replies: [{ text: 'Then start with the lake while the sky is clear.' }] },
    {
      user: 'ok',
      replies: [{ text: 'And keep the Kunsthaus for the second day.', cachedTokens: 64 }],
    },
    {
      user: 'How do I say "Zurich is beautiful" in Japanese?',
      stream: true,
      replies: [
        { text: 'チューリッヒは美しいです。\n(Chūrihhi wa utsukushii desu.)', cachedTokens: 64 },
      ],
    },
    {
      user: 'Thank you, goodbye!',
      replies: [{ status: 500 }, { text: 'さようなら 👋 Have a good flight on Sunday.' }],
    },
  ],
};
