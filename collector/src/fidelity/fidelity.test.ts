import { describe, expect, test } from 'vitest';
import { PRODUCERS } from '../producers/index.js';
import { fillMatrix, type Cell } from './matrix.js';

const isKnownMiss = ({ producer, scenario }: Cell): boolean =>
  producer.misses?.[scenario.name] !== undefined;

describe.each(PRODUCERS)('$name', (producer) => {
  const cells = [...fillMatrix((other) => other === producer)].filter(
    ({ skipped }) => skipped === undefined,
  );

  test.each(cells.filter((cell) => !isKnownMiss(cell)))(
    'tells $scenario.name word for word',
    (cell) => {
      expect(cell.missing).toBeUndefined();
      expect(cell.differences).toEqual([]);
    },
  );

  test.each(cells.filter(isKnownMiss))('still misses $scenario.name', ({ differences }) => {
    expect(differences).not.toEqual([]);
  });
});
