import { parseArgs } from 'node:util';
import { doctorShape, type DoctorAnswer, type FindingAnswer } from '@colloquy/schema';
import { askCollector, DEFAULT_URL } from './ask-collector.js';

export const DOCTOR_USAGE = `Tells what keeps conversations from coming out right, and what mends it.

Usage: colloquy doctor [options]

  --url <url>      The collector to ask, default ${DEFAULT_URL}
  --hours <hours>  How far to look back, default 24
  --json           The answer as JSON

Ends with 1 when something was found.
`;

const exampleOf = ({ example }: FindingAnswer): string => {
  if (example === null) return '';
  const place = example.trace_id === null ? '' : ` in trace ${example.trace_id}`;
  const service = example.service === '' ? '' : ` of ${example.service}`;
  return `\n  such as "${example.name}"${service}${place}`;
};

const render = (finding: FindingAnswer): string => {
  const emitter = finding.emitter === '' ? '' : ` (${finding.emitter})`;
  const setting = finding.setting === null ? '' : `\n\n      ${finding.setting}`;
  return `${finding.title}${emitter}: ${finding.count} ${finding.unit}${exampleOf(finding)}\n  ${finding.advice}${setting}\n`;
};

/** The report as people read it. Pure. */
export function renderReport({ since, findings }: DoctorAnswer): string {
  if (findings.length === 0) return `Nothing to mend in what was received since ${since}.`;
  return [`Received since ${since}:`, ...findings.map(render)].join('\n\n').trimEnd();
}

/**
 * Asks a running collector what it found, and prints it.
 *
 * @returns the exit code: 1 when there is something to mend
 * @throws ColloquyError when no collector answers
 */
export async function doctor(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string', default: DEFAULT_URL },
      hours: { type: 'string', default: '24' },
      json: { type: 'boolean', default: false },
    },
  });
  const path = `/doctor?hours=${encodeURIComponent(values.hours)}`;
  const report = doctorShape.parse(await (await askCollector(values.url, path)).json());
  console.log(values.json ? JSON.stringify(report, undefined, 2) : renderReport(report));
  return report.findings.length === 0 ? 0 : 1;
}
