import { fileURLToPath } from 'node:url';
import { playCli } from './play-cli.js';

const CLAUDE = fileURLToPath(
  new URL('node_modules/@anthropic-ai/claude-code-linux-x64/claude', import.meta.url),
);
const isTraced = process.argv.includes('traces');

await playCli({
  command: ({ text, resume, wantedId }) => ({
    file: CLAUDE,
    args: [
      '-p',
      text,
      '--model',
      'claude-sonnet-4-5',
      ...(resume === undefined ? ['--session-id', wantedId] : ['--resume', resume]),
    ],
  }),
  environment: ({ otlpUrl, providerUrl, scenario: { capture = true } }, key) => ({
    ANTHROPIC_BASE_URL: providerUrl,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_LOGS_EXPORTER: 'otlp',
    ...(isTraced && { CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1', OTEL_TRACES_EXPORTER: 'otlp' }),
    ...(capture && {
      OTEL_LOG_USER_PROMPTS: '1',
      OTEL_LOG_ASSISTANT_RESPONSES: '1',
      OTEL_LOG_TOOL_DETAILS: '1',
    }),
  }),
  sessionId: (_printed, { wantedId }) => wantedId,
});
