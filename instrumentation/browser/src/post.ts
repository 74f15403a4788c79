import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** What became of a request: taken, refused for good, or to be sent again. */
export type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'later'; readonly retryAfterMs: number };

export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the request outlives the page. */
  readonly keepalive: boolean;
}

/** @see https://opentelemetry.io/docs/specs/otlp/#failures-1 (protocol 1.11.0) */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const TIMEOUT_MS = 10_000;
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Seconds, or a date; no timer waits for years. */
function readRetryAfter(text: string | null): number {
  if (text === null) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : 0;
}

/** Sends a request; never throws. It leaves no span, or each would be followed by one more. */
export async function post({ url, ...init }: Request): Promise<Outcome> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { ok, status, headers } = await context.with(suppressTracing(context.active()), () =>
      fetch(url, { method: 'POST', credentials: 'omit', signal, ...init }),
    );
    if (ok) return { kind: 'sent' };
    return RETRYABLE.has(status)
      ? { kind: 'later', retryAfterMs: readRetryAfter(headers.get('retry-after')) }
      : { kind: 'refused', status };
  } catch {
    return { kind: 'later', retryAfterMs: 0 };
  }
}
