import fc from 'fast-check';
import { rebuildRead } from '../recordings/rebuild-in-memory.js';
import { deliver, delivery, shuffle } from './delivery.js';
import type { Property } from './property.js';
import { expectSame } from './same.js';

const IDEMPOTENT: Property = {
  claim:
    '2. Idempotent. The same requests delivered again, whole, re-batched or reordered, change no answer',
  check: ({ requests, whole }, runs) =>
    fc.assert(
      fc.property(fc.boolean(), delivery, (isWhole, again) => {
        const copies = isWhole ? requests : deliver(requests, again);
        expectSame(rebuildRead(shuffle([...requests, ...copies], again.order)), whole);
      }),
      runs,
    ),
};

const ORDER_FREE: Property = {
  claim:
    "3. Order-free. Any split and permutation of a thread's spans and logs gives the same conversation",
  check: ({ requests, whole }, runs) =>
    fc.assert(
      fc.property(delivery, (plan) => {
        expectSame(rebuildRead(deliver(requests, plan)), whole);
      }),
      runs,
    ),
};

const LATE: Property = {
  claim: '3. Order-free. Logs that come after all spans, and before them, give the same',
  check: ({ requests, whole }) => {
    const spans = requests.map((request) => ({ ...request, logs: [] }));
    const logs = requests.map((request) => ({ ...request, spans: [] }));
    if (requests.every((request) => request.logs.length === 0)) return;
    expectSame(rebuildRead([...spans, ...logs]), whole);
    expectSame(rebuildRead([...logs, ...spans]), whole);
  },
};

export const ORDER: readonly Property[] = [IDEMPOTENT, ORDER_FREE, LATE];
