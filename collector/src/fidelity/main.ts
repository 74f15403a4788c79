import { SCENARIOS } from '../scenarios/index.js';
import { fillMatrix, type Cell } from './matrix.js';

const USAGE = `usage: npm run fidelity [-- producer ...]
Compares every recording with the conversation it was made of, word for word.
  ■ exact   ✗ differs   ? not recorded   · cannot be done (reasons below)`;

const MAX_SHOWN = 4;
const MAX_LENGTH = 300;

const signOf = ({ skipped, missing, differences }: Cell): string => {
  if (skipped !== undefined) return '·';
  if (missing) return '?';
  return differences.length === 0 ? '■' : '✗';
};

const cut = (text: string): string =>
  text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}… (${text.length})` : text;

function* explain({ producer, scenario, differences }: Cell): Generator<string> {
  yield `\n${producer.name} / ${scenario.name}: ${scenario.about}`;
  for (const { what, expected, got } of differences.slice(0, MAX_SHOWN))
    yield `  ${what}\n  - ${cut(expected)}\n  + ${cut(got)}`;
  if (differences.length > MAX_SHOWN) yield `  and ${differences.length - MAX_SHOWN} more`;
}

function* legend(): Generator<string> {
  for (const [index, { name, about }] of SCENARIOS.entries())
    yield `  ${String(index + 1).padStart(2)} ${name}: ${about}`;
}

function* reasons(cells: readonly Cell[]): Generator<string> {
  for (const { producer, scenario, skipped } of cells)
    if (skipped !== undefined) yield `  · ${producer.name} / ${scenario.name}: ${skipped}`;
}

function main(chosen: readonly string[]): void {
  if (chosen.includes('--help')) return console.log(USAGE);
  console.log(`${USAGE}\n`);
  for (const line of legend()) console.log(line);
  const width = 40;
  console.log(
    `\n${''.padEnd(width)}${SCENARIOS.map((_, index) => String((index + 1) % 10)).join('')}`,
  );
  const cells: Cell[] = [];
  let row = '';
  for (const cell of fillMatrix(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    cells.push(cell);
    row += signOf(cell);
    if (row.length === SCENARIOS.length) {
      console.log(cell.producer.name.padEnd(width) + row);
      row = '';
    }
  }
  for (const line of reasons(cells)) console.log(line);
  for (const cell of cells.filter((item) => signOf(item) === '✗'))
    for (const line of explain(cell)) console.log(line);
  const recorded = cells.filter(({ skipped, missing }) => skipped === undefined && !missing);
  const missing = cells.filter((cell) => cell.missing).length;
  if (missing > 0) console.log(`\nnot recorded: ${missing}`);
  const exact = recorded.filter(({ differences }) => differences.length === 0).length;
  console.log(`\nexact ${exact} / ${recorded.length}`);
  process.exitCode = exact === recorded.length && missing === 0 ? 0 : 1;
}

main(process.argv.slice(2));
