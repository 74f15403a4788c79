import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playCli } from './play-cli.js';

const CODEX = fileURLToPath(new URL('node_modules/.bin/codex', import.meta.url));

await playCli({
  prepare: (home, { otlpUrl, providerUrl, scenario: { capture = true } }) => {
    mkdirSync(`${home}/.codex`);
    writeFileSync(
      `${home}/.codex/config.toml`,
      `model = "gpt-5"
model_provider = "local"
[model_providers.local]
name = "local"
base_url = "${providerUrl}/v1"
env_key = "LOCAL_KEY"
wire_api = "responses"
[otel]
environment = "test"
log_user_prompt = ${capture}
exporter = { otlp-http = { endpoint = "${otlpUrl}/v1/logs", protocol = "json" } }
`,
    );
  },
  command: ({ text, resume }) => ({
    file: CODEX,
    args: ['exec', '--skip-git-repo-check', ...(resume ? ['resume', resume] : []), '--', text],
  }),
  environment: (_play, key) => ({ LOCAL_KEY: key }),
  sessionId: (printed) => /session id: (\S+)/.exec(printed)?.[1] ?? '',
});
