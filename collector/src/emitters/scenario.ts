import type { Json } from '@colloquy/schema';
import type { ScriptedTurn } from '@colloquy/fake-provider';

/** One turn of the scenario: what the fake provider plays, and how the app asks. */
export interface ScenarioTurn extends ScriptedTurn {
  /** The app asks for a stream in this turn. */
  readonly stream?: boolean;
}

/** A function tool, as all SDKs take it. */
export interface ScenarioTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, { readonly type: 'string' }>>;
    readonly required: readonly string[];
  };
  /** What the tool returns, whatever it is asked. */
  readonly result: Json;
}

/** One conversation: what the app, its tool and the model say. */
export interface Scenario {
  readonly system: string;
  readonly tool: ScenarioTool;
  readonly turns: readonly ScenarioTurn[];
}

/** Words that no two turns share, about as long as what people type and models answer. */
const lines = (turn: number, word: string): string =>
  Array.from(
    { length: 12 },
    (_, line) => `${word} ${turn}.${line}: the ${line * 7 + turn}th thing to say.`,
  ).join('\n');

/** Fifty turns of some 400 characters a message: what re-sending history costs shows here. */
export const LONG_SCENARIO: Scenario = {
  system: 'You are Colette, a travel companion.',
  tool: {
    name: 'get_weather',
    description: 'The current weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    result: { city: 'Zürich', celsius: 21, sky: 'clear' },
  },
  turns: Array.from({ length: 50 }, (_, turn) => ({
    user: lines(turn, 'Question'),
    replies: [{ text: lines(turn, 'Answer') }],
  })),
};

/**
 * The conversation every emitter holds: a long question, a tool call, the same user message twice
 * with different answers, a streamed answer, and a call that fails before it succeeds.
 */
export const SCENARIO: Scenario = {
  system: 'You are Colette, a travel companion.\nAnswer briefly.',
  tool: {
    name: 'get_weather',
    description: 'The current weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    result: { city: 'Zürich', celsius: 21, sky: 'clear' },
  },
  turns: [
    {
      user: 'I have two days in Switzerland before my flight home on Sunday evening, I travel by train and I like old towns, lakes and museums. Where should I go first?',
      replies: [
        {
          reasoning: 'Two days by train: stay close to the airport. Zürich has all three.',
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
      replies: [
        { text: 'チューリッヒは美しいです。\n(Chūrihhi wa utsukushii desu.)', cachedTokens: 64 },
      ],
      stream: true,
    },
    {
      user: 'Thank you, goodbye!',
      replies: [{ text: 'さようなら 👋 Have a good flight on Sunday.' }],
      failFirst: 500,
    },
  ],
};

/** What an emitter can be told to play. */
export const SCENARIOS = { travel: SCENARIO, long: LONG_SCENARIO } as const;
export type ScenarioName = keyof typeof SCENARIOS;
