import fc from 'fast-check';
import { rebuildRead } from '../recordings/rebuild-in-memory.js';
import { shuffle } from './delivery.js';
import type { Property } from './property.js';
import { expectSame } from './same.js';

const byId = (a: { readonly threadId: string }, b: { readonly threadId: string }): number =>
  a.threadId < b.threadId ? -1 : 1;

const APART: Property = {
  claim: '3. Order-free. Conversations of one app that arrive interleaved do not mix',
  check: ({ requests, whole, other }, runs) => {
    const ids = new Set(whole.map(({ threadId }) => threadId));
    // Command line tools are recorded under one id.
    if (other === undefined || other.whole.some(({ threadId }) => ids.has(threadId))) return;
    const apart = [...whole, ...other.whole].toSorted(byId);
    fc.assert(
      fc.property(fc.integer(), (order) => {
        expectSame(rebuildRead(shuffle([...requests, ...other.requests], order)), apart);
      }),
      runs,
    );
  },
};

export const SEPARATION: readonly Property[] = [APART];
