import type { LogRecord, Rejection, Span } from '@colloquy/schema';
import type { TelemetryBatch, TelemetryConsumer } from '../../consumer.js';

/** Keeps in memory what it is given; each of `failures` refuses one batch first. For tests. */
export class RecordingConsumer implements TelemetryConsumer {
  readonly batches: TelemetryBatch[] = [];
  readonly failures: unknown[] = [];

  get spans(): readonly Span[] {
    return this.batches.flatMap(({ spans }) => spans);
  }

  get logs(): readonly LogRecord[] {
    return this.batches.flatMap(({ logs }) => logs);
  }

  async consume(batch: TelemetryBatch): Promise<readonly Rejection[]> {
    if (this.failures.length > 0) throw this.failures.shift();
    this.batches.push(batch);
    return [];
  }
}
