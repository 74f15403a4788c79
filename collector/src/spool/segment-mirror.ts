import { EventEmitter, once } from 'node:events';
import { comparePositions, type Position } from './position.js';
import { numberAfter, type Segments } from './segments.js';

/** How many bytes of a segment can be read. */
export type SegmentSize = readonly [segment: number, bytes: number];

/** The segments of a spool as its owner, another thread, tells of them. */
export class SegmentMirror implements Segments {
  readonly folder: string;
  readonly #sizes: Map<number, number>;
  readonly #events = new EventEmitter<{ grown: [] }>();

  constructor(folder: string, sizes: readonly SegmentSize[]) {
    this.folder = folder;
    this.#sizes = new Map(sizes);
  }

  limitOf(segment: number): number | undefined {
    return this.#sizes.get(segment);
  }

  nextSegment(segment: number): number | undefined {
    return numberAfter(this.#sizes.keys(), segment);
  }

  async waitBeyond(position: Position, signal: AbortSignal): Promise<void> {
    for (;;) {
      for (const [segment, offset] of this.#sizes)
        if (comparePositions({ segment, offset }, position) > 0) return;
      await once(this.#events, 'grown', { signal });
    }
  }

  /** To be told when a segment has grown; `read` is where nothing before is needed any more. */
  update([segment, bytes]: SegmentSize, read: Position): void {
    this.#sizes.set(segment, bytes);
    for (const older of this.#sizes.keys()) if (older < read.segment) this.#sizes.delete(older);
    this.#events.emit('grown');
  }
}
