import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import { ColloquyError } from '../../errors.js';
import { OtlpCounters } from './counters.js';
import { type GrpcReceiver, type GrpcReceiverOptions, startGrpcReceiver } from './grpc.js';
import { RecordingIntake } from './recording-intake.js';
import { protobufRequest, spanMessage } from './sample-requests.js';
import { SIGNALS } from './signals.js';

const intake = new RecordingIntake();
let receiver: GrpcReceiver;
let session: ClientHttp2Session;

async function start(options: Partial<GrpcReceiverOptions>): Promise<void> {
  receiver = await startGrpcReceiver({
    listen: { host: '127.0.0.1', port: 0 },
    intake,
    counters: new OtlpCounters(),
    maxMessageBytes: 64 * 2 ** 20,
    ...options,
  });
  session = connect(`http://127.0.0.1:${receiver.port}`);
}

afterEach(async () => {
  session.destroy();
  await receiver.stop();
});

/** A call of which nothing but the headers is sent. */
const call = (key: string): ClientHttp2Stream =>
  session.request({
    ':method': 'POST',
    ':path': `/${SIGNALS.traces.service}/Export`,
    'content-type': 'application/grpc',
    te: 'trailers',
    'x-api-key': key,
  });

async function statusOf(stream: ClientHttp2Stream): Promise<number> {
  const [headers] = (await once(stream, 'response')) as [Record<string, string>];
  if (headers['grpc-status'] !== undefined) return Number(headers['grpc-status']);
  stream.resume();
  const [trailers] = (await once(stream, 'trailers')) as [Record<string, string>];
  return Number(trailers['grpc-status']);
}

const framed = (body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
};

const admit: GrpcReceiverOptions['admit'] = async (_path, header) => {
  if (header('x-api-key') !== 'good')
    throw new ColloquyError('UNAUTHENTICATED', 'A valid key is needed');
  return { projectId: 'default' };
};

test('refuses a call by its key before any of its message was sent', async () => {
  await start({ admit });
  expect(await statusOf(call('bad'))).toBe(status.UNAUTHENTICATED);
  const good = call('good');
  good.end(framed(protobufRequest([spanMessage()])));
  expect(await statusOf(good)).toBe(status.OK);
  expect(intake.requests).toHaveLength(1);
});

test('reads no message of a call that it has yet to look at', async () => {
  let letIn: (() => void) | undefined;
  const looking = new Promise<void>((resolve) => (letIn = resolve));
  await start({
    admit: async () => {
      await looking;
      throw new ColloquyError('UNAUTHENTICATED', 'A valid key is needed');
    },
  });
  const stream = call('bad');
  let sent = false;
  stream.write(framed(Buffer.alloc(8 * 2 ** 20)), () => (sent = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  // What is read makes room for more: the rest of the message is still at the client's.
  expect(sent).toBe(false);
  letIn?.();
  expect(await statusOf(stream)).toBe(status.UNAUTHENTICATED);
});

test('cuts a call off whose message does not come', async () => {
  await start({ admit, messageTimeoutMs: 100 });
  const stream = call('good');
  stream.write(Buffer.from([0, 0, 0]));
  expect(await statusOf(stream)).toBe(status.DEADLINE_EXCEEDED);
});
