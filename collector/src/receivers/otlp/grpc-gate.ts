import * as grpc from '@grpc/grpc-js';
import type { Admission } from '../../admission.js';
import { ColloquyError } from '../../errors.js';

/**
 * Lets a call in, by its path and metadata, with `:authority` as `host`.
 * @throws ColloquyError why not
 */
export type AdmitCall = (
  path: string,
  header: (name: string) => string | undefined,
) => Promise<Admission>;

export interface CallStatus {
  readonly code: grpc.status;
  readonly details: string;
}

interface CallGateOptions {
  readonly admit: AdmitCall;
  readonly messageTimeoutMs: number;
  /** How an error is answered. */
  readonly statusOf: (error: unknown) => CallStatus;
}

/**
 * Looks who calls before the message is read: one that is not let in costs no more than its headers,
 * and one that is has to send its message in time.
 */
export class CallGate {
  readonly #options: CallGateOptions;
  readonly #admissions = new WeakMap<grpc.Metadata, Admission>();

  constructor(options: CallGateOptions) {
    this.#options = options;
  }

  /** Of a call that was let in, by the metadata that its handler gets. */
  admissionOf(metadata: grpc.Metadata): Admission {
    const admission = this.#admissions.get(metadata);
    if (admission === undefined)
      throw new ColloquyError('INTERNAL', 'A call was answered without being let in.');
    return admission;
  }

  /** To stand before all services. */
  readonly interceptor: grpc.ServerInterceptor = ({ path }, call) => {
    let timer: NodeJS.Timeout | undefined;
    // Nothing is read before `next` is called: the stream is paused until then.
    const admit = async (
      metadata: grpc.Metadata,
      next: (metadata: grpc.Metadata) => void,
    ): Promise<void> => {
      const header = (name: string): string | undefined =>
        name === 'host' ? call.getHost() : metadata.get(name)[0]?.toString();
      try {
        this.#admissions.set(metadata, await this.#options.admit(path, header));
      } catch (error) {
        call.sendStatus(this.#options.statusOf(error));
        return;
      }
      timer = setTimeout(() => call.sendStatus(TOO_SLOW), this.#options.messageTimeoutMs);
      next(metadata);
    };
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => void admit(metadata, next))
      .withOnReceiveMessage((message, next) => {
        clearTimeout(timer);
        next(message);
      })
      .withOnCancel(() => clearTimeout(timer))
      .build();
    const responder = new grpc.ResponderBuilder().withStart((next) => next(listener)).build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}

const TOO_SLOW: CallStatus = {
  code: grpc.status.DEADLINE_EXCEEDED,
  details: 'The message took too long to come',
};
