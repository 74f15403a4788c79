import type { PriceTable } from '../conversation/price-table.js';
import type { OwnTraces } from '../own-traces/own-traces.js';
import type { Position } from '../spool/position.js';
import type { SegmentSize } from '../spool/segment-mirror.js';
import type { StoreOptions } from '../store/client.js';
import type { TouchedTrace } from '../store/write-facts.js';

/** What the thread is started with. */
export interface WorkerSetup {
  readonly store: StoreOptions;
  readonly inferThreads: boolean;
  readonly prices: PriceTable;
  readonly ownTraces: OwnTraces | undefined;
  readonly folder: string;
  readonly sizes: readonly SegmentSize[];
  /** Where reading goes on. */
  readonly from: Position;
  /** What was on disk before this process and has not been counted yet. */
  readonly uncounted: { readonly after: Position; readonly upTo: Position };
}

/** What it is told. */
export type ToWorker =
  | { readonly kind: 'grown'; readonly size: SegmentSize; readonly read: Position }
  | { readonly kind: 'touch'; readonly traces: readonly TouchedTrace[] }
  | { readonly kind: 'settle'; readonly id: number }
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'stop' };

/** Items of one request. */
export interface ItemCount {
  readonly projectId: string;
  readonly items: number;
}

/** What it tells. */
export type FromWorker =
  | ({ readonly kind: 'left-behind'; readonly next: Position } & ItemCount)
  | ({ readonly kind: 'stored'; readonly refused: number } & ItemCount)
  | { readonly kind: 'queryable'; readonly end: Position; readonly counts: readonly ItemCount[] }
  | { readonly kind: 'settled'; readonly id: number }
  /** Asks to be told once all that is accepted by now has been stored and rebuilt. */
  | { readonly kind: 'catch-up' }
  | {
      readonly kind: 'masked';
      readonly projectId: string;
      readonly found: ReadonlyMap<string, number>;
    }
  | { readonly kind: 'report'; readonly message: string };
