import { calcPrice } from '@pydantic/genai-prices';
import type { SpanFact } from '@colloquy/schema';
import { findPrice, type PriceRow, type PriceTable } from './price-table.js';

type Priced = Pick<
  SpanFact,
  | 'providerName'
  | 'requestModel'
  | 'responseModel'
  | 'inputTokens'
  | 'outputTokens'
  | 'cacheReadInputTokens'
  | 'cacheWriteInputTokens'
  | 'reasoningOutputTokens'
  | 'reportedCostUsd'
  | 'startTimeUnixNano'
>;

/** What a model call cost, and by what. */
export interface Price {
  /** US dollars. */
  readonly usd: number;
  /** `prices:<pattern>` of the project's own table, `reported` by the emitter, or `genai-prices@<version>`. */
  readonly source: string;
}

/** The version of the price library that is built in; a test compares it with the one installed. */
export const LIBRARY_VERSION = '0.1.8';

const PER_MILLION = 1_000_000;

/** The classes of tokens as counted overlap: what was cached is input too, what was thought is output. */
function priceByRow(call: Priced, row: PriceRow): number {
  const { cacheReadInputTokens: read = 0, cacheWriteInputTokens: write = 0 } = call;
  const { reasoningOutputTokens: thought = 0 } = call;
  const input = Math.max(0, (call.inputTokens ?? 0) - read - write);
  const output = Math.max(0, (call.outputTokens ?? 0) - thought);
  return (
    (input * row.input +
      read * row.cacheRead +
      write * row.cacheWrite +
      output * row.output +
      thought * row.reasoning) /
    PER_MILLION
  );
}

/**
 * The price of one model call: by the project's own table, else what the emitter reported, else
 * usage times the public price at that time; `undefined` when no price is known, which is not the
 * same as free.
 */
export function priceOf(call: Priced, table: PriceTable = []): Price | undefined {
  const models = [call.responseModel, call.requestModel].filter((model) => model !== undefined);
  const hasUsage = call.inputTokens !== undefined || call.outputTokens !== undefined;
  const row = models.flatMap((model) => findPrice(table, model) ?? [])[0];
  if (row !== undefined && hasUsage)
    return { usd: priceByRow(call, row), source: `prices:${row.pattern}` };
  if (call.reportedCostUsd !== undefined) return { usd: call.reportedCostUsd, source: 'reported' };
  if (!hasUsage) return undefined;
  const usd = publicPriceOf(call, models);
  return usd === undefined ? undefined : { usd, source: `genai-prices@${LIBRARY_VERSION}` };
}

/** Of a thread that lives, the same calls are priced again and again. */
const publicPrices = new WeakMap<Priced, number | 'unknown'>();

function publicPriceOf(call: Priced, models: readonly string[]): number | undefined {
  const known = publicPrices.get(call) ?? publicPrice(call, models) ?? 'unknown';
  publicPrices.set(call, known);
  return known === 'unknown' ? undefined : known;
}

function publicPrice(call: Priced, models: readonly string[]): number | undefined {
  const usage = {
    input_tokens: call.inputTokens ?? 0,
    output_tokens: call.outputTokens ?? 0,
    ...(call.cacheReadInputTokens !== undefined && {
      cache_read_tokens: call.cacheReadInputTokens,
    }),
    ...(call.cacheWriteInputTokens !== undefined && {
      cache_write_tokens: call.cacheWriteInputTokens,
    }),
  };
  const timestamp = new Date(Number(call.startTimeUnixNano / 1_000_000n));
  for (const model of models) {
    const price = lookUp(usage, model, call.providerName, timestamp);
    if (price !== null) return price;
  }
  return undefined;
}

type Usage = Parameters<typeof calcPrice>[0];

/** The provider's own price first; an emitter's provider name is often not the price list's. */
function lookUp(
  usage: Usage,
  model: string,
  provider: string | undefined,
  timestamp: Date,
): number | null {
  const named =
    provider === undefined ? null : calculate(usage, model, { providerId: provider, timestamp });
  return named ?? calculate(usage, model, { timestamp });
}

/** The library throws on usage that contradicts itself (more cached than sent): no price then. */
function calculate(
  usage: Usage,
  model: string,
  options: Parameters<typeof calcPrice>[2],
): number | null {
  try {
    return calcPrice(usage, model, options)?.total_price ?? null;
  } catch {
    return null;
  }
}
