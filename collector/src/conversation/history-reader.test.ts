import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createStored } from './call.js';
import { HistoryReader } from './history-reader.js';
import { createNode, type Node } from './node.js';
import { walk } from './tree.js';
import { TroddenPath } from './trodden-path.js';

const POOL = (['system', 'user', 'assistant'] as const).flatMap((role) =>
  [1, 2, 3].map((number) =>
    createStored(`${role}${number}`, {
      role,
      parts: Array.from({ length: number }, (_, index) => ({
        type: 'text' as const,
        content: `${role} says ${number}, part ${index}`,
      })),
    }),
  ),
);

/** Histories that mostly begin like the one before. */
const histories = fc
  .array(
    fc.record({ kept: fc.nat(6), added: fc.array(fc.constantFrom(...POOL), { maxLength: 4 }) }),
    {
      maxLength: 12,
    },
  )
  .map((changes) => {
    let history: typeof POOL = [];
    return changes.map(({ kept, added }) => (history = [...history.slice(0, kept), ...added]));
  });

it('reads a history alike, whatever was read before', () => {
  fc.assert(
    fc.property(histories, (given) => {
      const reader = new HistoryReader();
      for (const history of given)
        expect(reader.read(history)).toEqual(new HistoryReader().read(history));
    }),
  );
});

it('follows a way as the nodes remember it, whatever was followed before', () => {
  fc.assert(
    fc.property(histories, (given) => {
      const root: Node = createNode(undefined, '', '');
      const path = new TroddenPath();
      const reader = new HistoryReader();
      const side = { origin: 'input', call: {} } as Parameters<typeof walk>[2];
      for (const history of given) {
        const { steps } = reader.read(history);
        const way = path.follow(root, steps);
        expect(way).toEqual(new TroddenPath().follow(root, steps));
        walk(way.node, steps, side, () => undefined, way.length);
      }
    }),
  );
});
