import { PRODUCERS } from '../producers/index.js';
import type { Producer } from '../producers/producer.js';
import { listRecordings } from '../recorder/recording-file.js';
import { loadRecording } from '../recordings/load-recording.js';
import { rebuildInMemory } from '../recordings/rebuild-in-memory.js';
import { SCENARIOS } from '../scenarios/index.js';
import type { Scenario } from '../scenarios/scenario.js';
import { compare, type Difference } from './compare.js';

/** One producer with one scenario: not done for a reason, not recorded though it should be, or compared. */
export interface Cell {
  readonly producer: Producer;
  readonly scenario: Scenario;
  readonly skipped?: string;
  readonly missing?: true;
  readonly differences: readonly Difference[];
}

function fillCell(producer: Producer, scenario: Scenario): Cell {
  const skipped = producer.skips[scenario.name];
  if (skipped !== undefined) return { producer, scenario, skipped, differences: [] };
  if (!listRecordings(producer.name).includes(scenario.name))
    return { producer, scenario, missing: true, differences: [] };
  const { header, requests } = loadRecording(producer.name, scenario.name);
  const conversations = rebuildInMemory(requests);
  return { producer, scenario, differences: compare(producer, scenario, header, conversations) };
}

/** Every cell of the chosen producers, row by row. */
export function* fillMatrix(chosen: (producer: Producer) => boolean): Generator<Cell> {
  for (const producer of PRODUCERS.filter(chosen))
    for (const scenario of SCENARIOS) yield fillCell(producer, scenario);
}
