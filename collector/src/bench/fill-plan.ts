import { priceOf } from '../conversation/price.js';

/** How much a store is filled with. */
export interface FillPlan {
  readonly threads: number;
  /** In all; what comes about is within a few percent of it. */
  readonly messages: number;
}

/** A model as the spans name it. */
export interface FillModel {
  readonly provider: string;
  readonly request: string;
  readonly response: string;
}

const MODELS: readonly FillModel[] = [
  { provider: 'openai', request: 'gpt-4o-mini', response: 'gpt-4o-mini-2024-07-18' },
  { provider: 'openai', request: 'gpt-4o', response: 'gpt-4o-2024-08-06' },
  {
    provider: 'anthropic',
    request: 'claude-sonnet-4-5',
    response: 'claude-sonnet-4-5-20250929',
  },
  { provider: 'mistral_ai', request: 'mistral-large-latest', response: 'mistral-large-latest' },
];

/** A model and what it costs, US dollars for one token. */
export interface PricedModel extends FillModel {
  readonly input: number;
  readonly output: number;
  readonly source: string;
}

/** When the calls are priced: these models keep their price. */
const PRICED_AT = BigInt(Date.UTC(2026, 5, 1)) * 1_000_000n;
/** Few enough to be within the first step of a price that has steps. */
const TOKENS = 1_000;

function price({ provider, request, response }: FillModel): PricedModel {
  const cost = (inputTokens: number, outputTokens: number) =>
    priceOf({
      providerName: provider,
      requestModel: request,
      responseModel: response,
      inputTokens,
      outputTokens,
      cacheReadInputTokens: undefined,
      cacheWriteInputTokens: undefined,
      reasoningOutputTokens: undefined,
      reportedCostUsd: undefined,
      startTimeUnixNano: PRICED_AT,
    });
  const [input, output] = [cost(TOKENS, 0), cost(0, TOKENS)];
  if (input === undefined || output === undefined) throw new Error(`No price of ${response}.`);
  const of = { provider, request, response, source: input.source };
  return { ...of, input: input.usd / TOKENS, output: output.usd / TOKENS };
}

/** The models that threads are held with, the usual one first. */
export const priceModels = (): readonly PricedModel[] => MODELS.map(price);

/** Turns of the longest thread. */
export const MAX_TURNS = 150;
/** Lengths fall off by this power: few threads are long, most are short. */
const POWER = 0.6;
const SAMPLES = 10_000;

/** As `lengthSql` has it. @param share - from 0 to 1 */
const turnsAt = (scale: number, share: number): number =>
  Math.min(MAX_TURNS, Math.max(1, Math.floor(scale * share ** -POWER)));

/** Turns of a thread, by a number from 0 to 1 that is drawn for it. */
export const turnsSql = (scale: number, share: string): string =>
  `toUInt32(least(${MAX_TURNS}, greatest(1, floor(${scale} * pow(${share}, -${POWER})))))`;

function meanTurns(scale: number): number {
  let sum = 0;
  for (let index = 0; index < SAMPLES; index += 1) sum += turnsAt(scale, (index + 0.5) / SAMPLES);
  return sum / SAMPLES;
}

/** The factor that gives threads the wanted length on average; a turn is two messages, instructions are one. */
export function scaleOf({ threads, messages }: FillPlan): number {
  const wanted = (messages / threads - 1) / 2;
  let [low, high] = [0, MAX_TURNS];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (meanTurns(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}
