import type { Attributes } from '@opentelemetry/api';
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from './semconv.js';

/** Where a client sends its calls. @param baseUrl - as the client has it */
export function serverAttributes(baseUrl: unknown): Attributes {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  const usual = protocol === 'http:' ? 80 : 443;
  return {
    [ATTR_SERVER_ADDRESS]: hostname,
    [ATTR_SERVER_PORT]: port === '' ? usual : Number(port),
  };
}
