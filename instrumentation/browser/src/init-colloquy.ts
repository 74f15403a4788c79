import { configure, type CaptureConfig } from '@colloquy/threads';
import { guard, warnOnce } from '@colloquy/threads/instrumentation';
import { encodeEnvelope, encodeSpan } from './encode-span.js';
import { Outbox } from './outbox.js';
import { randomHex } from './random-hex.js';
import { register } from './register.js';
import { pageStorage, SavedItems } from './saved-items.js';
import { SpanTracerProvider } from './tracer-provider.js';
import { VERSION } from './version.js';
import { watchPage } from './watch-page.js';

/** Where the page reports to, and as what. */
export interface BrowserConfig extends CaptureConfig {
  /** Of the collector: `https://colloquy.example.com`. */
  readonly url: string;
  /** Of the project. It can send and nothing else; whoever opens the page can see it. */
  readonly publicKey: string;
  /** @default 'browser' */
  readonly serviceName?: string;
  /**
   * Whether what could not be sent is kept in `localStorage` until the next page.
   * @default true
   */
  readonly persist?: boolean;
}

/** Reporting that has been set up. */
export interface Colloquy {
  /** How many messages, events and judgements were given up. */
  readonly dropped: number;
  /** Sends what waits. Resolves, never rejects, when all is sent or one request has failed. */
  readonly flush: () => Promise<void>;
  /** Sends what waits and ends; what is left is kept for the next page. */
  readonly shutdown: () => Promise<void>;
}

function createOutbox({
  url,
  publicKey,
  serviceName = 'browser',
  persist = true,
}: BrowserConfig): Outbox {
  const endpoint = `${url.replace(/\/+$/, '')}/v1/traces`;
  const storage = persist ? pageStorage() : undefined;
  return new Outbox({
    url: endpoint,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${publicKey}` },
    envelope: encodeEnvelope({
      'service.name': serviceName,
      'telemetry.sdk.name': '@colloquy/browser',
      'telemetry.sdk.language': 'webjs',
      'telemetry.sdk.version': VERSION,
    }),
    saved: storage && new SavedItems(storage, `colloquy ${endpoint} ${publicKey} `, randomHex(8)),
  });
}

function start({ captureContent, mask, ...config }: BrowserConfig): Colloquy {
  configure({
    ...(captureContent !== undefined && { captureContent }),
    ...(mask !== undefined && { mask }),
  });
  const outbox = createOutbox(config);
  const provider = new SpanTracerProvider((span, scope) => {
    guard(() => outbox.add(encodeSpan(span, scope)));
  });
  const unregister = register(provider);
  const unwatch = watchPage({
    onHide: () => guard(() => outbox.leave()),
    onOnline: () => void outbox.flush(),
  });
  return {
    get dropped() {
      return outbox.dropped;
    },
    flush: () => outbox.flush(),
    shutdown: async () => {
      current = undefined;
      unwatch();
      unregister();
      await outbox.flush();
      outbox.stop();
    },
  };
}

/** What there is where nothing could be set up; the page goes on. */
const NOTHING: Colloquy = {
  dropped: 0,
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

let current: Colloquy | undefined;

/**
 * Sets up reporting from a page. To be called once, after any other set-up of OpenTelemetry; called
 * again, it changes nothing and returns what is there.
 *
 * @example
 * const colloquy = initColloquy({ url: 'https://colloquy.example.com', publicKey: 'clq_pub_…' });
 */
export function initColloquy(config: BrowserConfig): Colloquy {
  if (current !== undefined) return current;
  // The types say otherwise, but builds leave variables empty.
  if (config.url) current = guard(() => start(config));
  else warnOnce('nothing is recorded: initColloquy was given no url');
  return current ?? NOTHING;
}
