import { Observability } from '@mastra/observability';
import { OtelExporter } from '@mastra/otel-exporter';
import { startTracing } from '../../../dist/emitters/telemetry.js';
import { Tracer } from '../../../dist/emitters/tracer.js';
import type { Play } from '../../../dist/recorder/play.js';

/** Mastra's own exporter. Its spans name the app's as their parent, the app's are sent beside them. */
export class MastraTracer extends Tracer {
  readonly observability: Observability;

  constructor(play: Play) {
    super(play, [startTracing('mastra-chat', play.otlpUrl)]);
    const endpoint = `${play.otlpUrl}/v1/traces`;
    this.observability = new Observability({
      configs: {
        otel: {
          serviceName: 'mastra-chat',
          // Unless told otherwise it cuts words at 128 KiB and histories at 50 messages.
          serializationOptions: { maxStringLength: 2_000_000, maxArrayLength: 1000 },
          exporters: [
            new OtelExporter({ provider: { custom: { endpoint, protocol: 'http/protobuf' } } }),
          ],
        },
      },
    });
  }

  override conversation(
    _thread: unknown,
    _asked: unknown,
    run: () => Promise<string>,
  ): Promise<string> {
    return run();
  }

  override async flush(): Promise<void> {
    await super.flush();
    await this.observability.flush();
  }

  override async shutdown(): Promise<void> {
    await super.shutdown();
    await this.observability.shutdown();
  }
}
