import { latencyFigures, megabytes, type Figure } from './figures.js';
import type { SendResult } from './send-requests.js';

/** What one round of requests cost a collector. */
export interface Round extends SendResult {
  /** Seconds of CPU of the collector, its store and whatever else was started with them. */
  readonly cpu: number;
  /** Seconds of CPU of the collector alone. */
  readonly collectorCpu: number;
  /** False when CPU was still used at the end of our patience. */
  readonly quiet: boolean;
}

/** Bytes at the peak. */
export interface Memory {
  readonly collector: number;
  /** The sum of the peaks of all processes. */
  readonly all: number;
}

/** Something of ours, and the same of the other. */
interface Pair<T> {
  readonly ours: T;
  readonly theirs: T;
}

/** What was found of both. */
export interface Compared {
  /** The first of each warms up. */
  readonly rounds: Pair<readonly Round[]>;
  readonly memory: Pair<Memory>;
  /** Bytes that the requests left on disk. */
  readonly disk: Pair<number>;
  /** How long ours took to say that it is well, while it had work. */
  readonly latenciesMs: readonly number[];
}

type Cost = Pick<Round, 'spans' | 'seconds' | 'cpu' | 'collectorCpu'>;

const totalOf = (rounds: readonly Round[]): Cost =>
  rounds.reduce<Cost>(
    (sum, { spans, seconds, cpu, collectorCpu }) => ({
      spans: sum.spans + spans,
      seconds: sum.seconds + seconds,
      cpu: sum.cpu + cpu,
      collectorCpu: sum.collectorCpu + collectorCpu,
    }),
    { spans: 0, seconds: 0, cpu: 0, collectorCpu: 0 },
  );

interface Metric {
  readonly name: string;
  readonly unit: Figure['unit'];
  readonly of: (cost: Cost) => number;
}

/** Told of all counted rounds together; the ratios of single rounds tell the noise. */
const METRICS: readonly Metric[] = [
  { name: 'acknowledged', unit: 'spans/s', of: ({ spans, seconds }) => spans / seconds },
  { name: 'CPU per 1,000 spans', unit: 's', of: ({ spans, cpu }) => (cpu * 1_000) / spans },
  {
    name: 'of it the collector alone',
    unit: 's',
    of: ({ spans, collectorCpu }) => (collectorCpu * 1_000) / spans,
  },
  { name: 'spans per second of CPU', unit: 'spans/s', of: ({ spans, cpu }) => spans / cpu },
];

function comparePair(
  { name, unit }: Pick<Metric, 'name' | 'unit'>,
  { ours, theirs }: Pair<number>,
  note?: string,
): readonly Figure[] {
  return [
    { name: `${name}, ours`, value: ours, unit },
    { name: `${name}, theirs`, value: theirs, unit },
    {
      name: `${name}, ours to theirs`,
      value: ours / theirs,
      unit: 'x',
      ...(note !== undefined && { note }),
    },
  ];
}

function compareMetric(metric: Metric, { ours, theirs }: Compared['rounds']): readonly Figure[] {
  const ratios = ours.map((round, index) => {
    const other = theirs[index];
    return other === undefined ? Number.NaN : metric.of(round) / metric.of(other);
  });
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  const totals = { ours: metric.of(totalOf(ours)), theirs: metric.of(totalOf(theirs)) };
  return comparePair(metric, totals, `${low} to ${high} in single rounds`);
}

const mapPair = <T, U>({ ours, theirs }: Pair<T>, change: (one: T) => U): Pair<U> => ({
  ours: change(ours),
  theirs: change(theirs),
});

const sumOf = (rounds: readonly Round[], value: (round: Round) => number): number =>
  rounds.reduce((sum, round) => sum + value(round), 0);

/** Figures of both and their ratios, ours to theirs. Pure. */
export function describeComparison(compared: Compared): readonly Figure[] {
  const { memory, disk, latenciesMs } = compared;
  const rounds = mapPair(compared.rounds, (all) => (all.length > 1 ? all.slice(1) : all));
  const unsettled = sumOf([...rounds.ours, ...rounds.theirs], ({ quiet }) => (quiet ? 0 : 1));
  const sent = sumOf(rounds.ours, ({ spans }) => spans);
  return [
    { name: 'spans sent to each, after warm-up', value: sent, unit: 'count' },
    ...METRICS.flatMap((metric) => compareMetric(metric, rounds)),
    ...comparePair(
      { name: 'peak memory of the collector', unit: 'MB' },
      mapPair(memory, (of) => megabytes(of.collector)),
    ),
    ...comparePair(
      { name: 'peak memory of all processes', unit: 'MB' },
      mapPair(memory, (of) => megabytes(of.all)),
    ),
    ...comparePair({ name: 'on disk', unit: 'MB' }, mapPair(disk, megabytes)),
    ...latencyFigures('GET /healthz of ours', latenciesMs, 'asked while it had work'),
    {
      name: 'asked to come back, ours',
      value: sumOf(rounds.ours, ({ refusals }) => refusals),
      unit: 'count',
    },
    {
      name: 'asked to come back, theirs',
      value: sumOf(rounds.theirs, ({ refusals }) => refusals),
      unit: 'count',
    },
    { name: 'rounds that did not come to rest', value: unsettled, unit: 'count' },
  ];
}
