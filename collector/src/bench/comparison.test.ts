import { expect, it } from 'vitest';
import { describeComparison, type Round } from './comparison.js';

const round = (cpu: number): Round => ({
  spans: 1_000,
  bytes: 1,
  seconds: 2,
  latenciesMs: [],
  refusals: 0,
  cpu,
  collectorCpu: cpu / 2,
  quiet: true,
});

it('leaves the first round out and tells ratios of ours to theirs', () => {
  const figures = describeComparison({
    rounds: { ours: [round(99), round(1), round(2)], theirs: [round(1), round(4), round(4)] },
    memory: { ours: { collector: 1, all: 2 }, theirs: { collector: 4, all: 4 } },
    disk: { ours: 10, theirs: 80 },
    latenciesMs: [1, 2, 3],
  });
  const found = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  expect(found).toMatchObject({
    'spans sent to each, after warm-up': 2_000,
    'CPU per 1,000 spans, ours': 1.5,
    'CPU per 1,000 spans, theirs': 4,
    'CPU per 1,000 spans, ours to theirs': 0.375,
    'peak memory of the collector, ours to theirs': 0.25,
    'on disk, ours to theirs': 0.125,
    'GET /healthz of ours p99': 3,
  });
  const cpu = figures.find(({ name }) => name === 'CPU per 1,000 spans, ours to theirs');
  expect(cpu?.note).toBe('0.25 to 0.50 in single rounds');
});
