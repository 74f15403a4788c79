import { ExportResultCode, globalErrorHandler } from '@opentelemetry/core';
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Takes batches off the processor's hands: while one is on its way, the processor holds the process. */
const handOver = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => {
    exporter.export(spans, ({ code, error }) => {
      if (code === ExportResultCode.FAILED && error !== undefined) globalErrorHandler(error);
    });
    done({ code: ExportResultCode.SUCCESS });
  },
  shutdown: () => exporter.shutdown(),
});

/** Exports in batches, and keeps no process from ending; `forceFlush` waits for what is on its way. */
export class ExportProcessor extends BatchSpanProcessor {
  readonly #exporter: SpanExporter;

  constructor(exporter: SpanExporter) {
    super(handOver(exporter));
    this.#exporter = exporter;
  }

  override async forceFlush(): Promise<void> {
    await super.forceFlush();
    await this.#exporter.forceFlush?.();
  }
}
