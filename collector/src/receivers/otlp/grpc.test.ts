import * as grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ColloquyError, type ErrorCode } from '../../errors.js';
import { OtlpCounters } from './counters.js';
import { type GrpcReceiver, startGrpcReceiver } from './grpc.js';
import { RecordingIntake } from './recording-intake.js';
import {
  encodeMessage,
  type Message,
  protobufRequest,
  spanMessage,
  START,
} from './sample-requests.js';
import { type Signal, SIGNALS } from './signals.js';

const asIs = (bytes: Buffer): Buffer => bytes;
const GOOD = protobufRequest([spanMessage()]);

let intake: RecordingIntake;
let counters: OtlpCounters;
let receiver: GrpcReceiver;
let client: grpc.Client;

beforeEach(async () => {
  intake = new RecordingIntake();
  counters = new OtlpCounters();
  receiver = await startGrpcReceiver({
    listen: { host: '127.0.0.1', port: 0 },
    intake,
    counters,
    maxMessageBytes: 10_000,
  });
  client = new grpc.Client(`127.0.0.1:${receiver.port}`, grpc.credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await receiver.stop();
});

/** Resolves with the answer's bytes; rejects with a `grpc.ServiceError`. */
const call = async (signal: Signal, body: Buffer): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const path = `/${SIGNALS[signal].service}/Export`;
    client.makeUnaryRequest(path, asIs, asIs, body, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });

describe('the gRPC receiver', () => {
  test('stores spans and answers with an empty response', async () => {
    expect(await call('traces', GOOD)).toHaveLength(0);
    expect(intake.spans).toMatchObject([{ name: 'chat' }]);
    expect(counters.snapshot().traces.accepted).toBe(1);
  });

  test('stores log records', async () => {
    const record: Message = [
      [1, START],
      [5, [[1, 'hello']]],
    ];
    expect(await call('logs', protobufRequest([record]))).toHaveLength(0);
    expect(intake.logs).toMatchObject([{ body: 'hello', timeUnixNano: START }]);
  });

  test('counts metrics and drops them', async () => {
    const gauge: Message = [
      [
        5,
        [
          [1, []],
          [1, []],
        ],
      ],
    ];
    expect(await call('metrics', protobufRequest([gauge]))).toHaveLength(0);
    expect(counters.snapshot().metrics.dropped).toBe(2);
  });

  test('answers with a partial success when some spans are bad', async () => {
    const message = '1 of 2 spans rejected; first: item 1: the trace id is missing or all zero';
    const response = await call('traces', protobufRequest([spanMessage(), []]));
    expect(response).toEqual(
      encodeMessage([
        [
          1,
          [
            [1, 1],
            [2, message],
          ],
        ],
      ]),
    );
  });

  test('refuses what is no OTLP with INVALID_ARGUMENT', async () => {
    await expect(call('traces', Buffer.from('no OTLP'))).rejects.toMatchObject({
      code: grpc.status.INVALID_ARGUMENT,
    });
  });

  test('refuses a large message with RESOURCE_EXHAUSTED', async () => {
    await expect(call('traces', Buffer.alloc(10_001))).rejects.toMatchObject({
      code: grpc.status.RESOURCE_EXHAUSTED,
    });
  });

  test.each<[ErrorCode, grpc.status]>([
    ['QUEUE_FULL', grpc.status.UNAVAILABLE],
    ['STORE_UNAVAILABLE', grpc.status.UNAVAILABLE],
    ['INTERNAL', grpc.status.INTERNAL],
  ])('meets %s from the intake as status %i', async (code, status) => {
    intake.failures.push(new ColloquyError(code, 'not now'));
    await expect(call('traces', GOOD)).rejects.toMatchObject({ code: status, details: 'not now' });
  });

  test('says in one sentence that its port is taken', async () => {
    const second = startGrpcReceiver({
      listen: { host: '127.0.0.1', port: receiver.port },
      intake,
      counters,
      maxMessageBytes: 10_000,
    });
    await expect(second).rejects.toMatchObject({
      code: 'STARTUP_FAILED',
      message: `OTLP/gRPC cannot listen on 127.0.0.1:${receiver.port}: EADDRINUSE: address already in use`,
    });
  });

  test('lets a running call end before it stops', async () => {
    let finish: (() => void) | undefined;
    const started = new Promise<void>((resolve) => {
      intake.accept = async () => {
        resolve();
        await new Promise<void>((resume) => (finish = resume));
      };
    });
    const answer = call('traces', GOOD);
    await started;
    const stopped = receiver.stop();
    finish?.();
    expect(await answer).toHaveLength(0);
    await stopped;
  });
});
