/* Plays AI SDK 6 under Langfuse's span processor: `ai-sdk.ts <play.json>`. */
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { run } from '../../../dist/emitters/ai-v6.js';
import { readPlay } from '../../../dist/emitters/player.js';

const play = readPlay();
const processor = new LangfuseSpanProcessor({
  publicKey: 'pk-lf-play',
  secretKey: 'sk-lf-play',
  baseUrl: play.otlpUrl,
});
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
provider.register();
await run(play, provider);
process.exit();
