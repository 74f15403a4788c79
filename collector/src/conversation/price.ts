import { calcPrice } from '@pydantic/genai-prices';
import type { SpanFact } from '@colloquy/schema';

type Priced = Pick<
  SpanFact,
  | 'providerName'
  | 'requestModel'
  | 'responseModel'
  | 'inputTokens'
  | 'outputTokens'
  | 'cacheReadInputTokens'
  | 'cacheWriteInputTokens'
  | 'reportedCostUsd'
  | 'startTimeUnixNano'
>;

/**
 * US dollars for one model call: what the emitter reported, else usage times the public price
 * at that time; `undefined` when no price is known, which is not the same as free.
 */
export function priceOf(call: Priced): number | undefined {
  if (call.reportedCostUsd !== undefined) return call.reportedCostUsd;
  if (call.inputTokens === undefined && call.outputTokens === undefined) return undefined;
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
  for (const model of [call.responseModel, call.requestModel]) {
    const price = model === undefined ? null : lookUp(usage, model, call.providerName, timestamp);
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
