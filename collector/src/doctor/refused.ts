import type { Finding } from './examine.js';

/** What became of the items of one signal since the start. */
export interface ReceivedCounts {
  readonly rejected: number;
  readonly dropped: number;
}

/** What was not kept, by signal. The senders were told, but few apps show what their exporter is told. */
export function findRefused(
  received: Readonly<Record<string, ReceivedCounts>>,
): readonly Finding[] {
  return Object.entries(received).flatMap(([signal, { rejected, dropped }]): readonly Finding[] => {
    // Metrics are taken and not kept, by design.
    const count = signal === 'metrics' ? 0 : rejected + dropped;
    if (count === 0) return [];
    return [
      {
        check: 'refused_items',
        title: 'Items that were refused since the start',
        unit: signal,
        emitter: '',
        count,
        advice:
          'Each refusal is answered with its reason as partial success; the log of the exporter shows it.',
        setting: 'OTEL_LOG_LEVEL=debug',
      },
    ];
  });
}
