import type { LogRecord, Span } from '@colloquy/schema';
import type { CheckedRequest, RequestIntake } from '../../consumer.js';
import { decodeRequest } from './decode-request.js';

/** Keeps in memory what it is given; each of `failures` refuses one request first. For tests. */
export class RecordingIntake implements RequestIntake {
  readonly requests: CheckedRequest[] = [];
  readonly failures: unknown[] = [];

  get spans(): readonly Span[] {
    return this.requests.flatMap((request) => decodeRequest(request).spans);
  }

  get logs(): readonly LogRecord[] {
    return this.requests.flatMap((request) => decodeRequest(request).logs);
  }

  async accept(request: CheckedRequest): Promise<void> {
    if (this.failures.length > 0) throw this.failures.shift();
    this.requests.push(request);
  }
}
