import { PRODUCERS } from '../producers/index.js';
import { SCENARIOS } from '../scenarios/index.js';
import { record } from './record.js';
import { removeRecording } from './recording-file.js';

const USAGE = `usage: main.js [producer | producer/scenario] ...
Records scenarios of producers into test/fixtures; all of them unless some are named.
producers: ${PRODUCERS.map(({ name }) => name).join(', ')}
scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`;

const chosen = process.argv.slice(2);
if (chosen.includes('--help')) {
  console.log(USAGE);
  process.exit();
}
let failures = 0;
for (const producer of PRODUCERS) {
  for (const scenario of SCENARIOS) {
    const cell = `${producer.name}/${scenario.name}`;
    if (chosen.length > 0 && !chosen.includes(producer.name) && !chosen.includes(cell)) continue;
    if (producer.skips[scenario.name] !== undefined) {
      removeRecording(producer.name, scenario.name);
      continue;
    }
    try {
      console.log(`${cell}: ${await record(producer, scenario)} requests`);
    } catch (error) {
      failures += 1;
      console.error(`${cell}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
process.exitCode = failures === 0 ? 0 : 1;
