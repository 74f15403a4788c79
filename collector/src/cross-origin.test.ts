import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { crossOrigin, originRule, OTLP_HEADERS, QUERY_HEADERS } from './cross-origin.js';

function serve(allowed: readonly string[], headers = OTLP_HEADERS): Hono {
  const app = new Hono();
  app.use(crossOrigin(originRule(allowed), headers));
  app.post('/v1/traces', (context) => context.text('busy', 429, { 'Retry-After': '2' }));
  return app;
}

const preflight = async (app: Hono, origin: string): Promise<Response> =>
  app.request('/v1/traces', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

const allowedOrigin = ({ headers }: Response): string | null =>
  headers.get('access-control-allow-origin');

describe('by itself', () => {
  test.each(['http://localhost:5173', 'https://127.0.0.1', 'http://[::1]:8080'])(
    'a page of %s may send',
    async (origin) => {
      const response = await preflight(serve(['loopback']), origin);
      expect(response.status).toBe(204);
      expect(allowedOrigin(response)).toBe(origin);
      expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    },
  );

  test.each([
    'https://example.com',
    'http://localhost.example.com',
    'null',
    'http://127.0.0.1.example.com',
  ])('a page of %s may not', async (origin) => {
    expect(allowedOrigin(await preflight(serve(['loopback']), origin))).toBeNull();
  });
});

test('origins that are named may send, and no others', async () => {
  const app = serve(['https://app.example.com', 'https://b.example.com']);
  expect(allowedOrigin(await preflight(app, 'https://b.example.com'))).toBe(
    'https://b.example.com',
  );
  const others = ['https://c.example.com', 'http://b.example.com', 'http://localhost'];
  const answers = await Promise.all(others.map((origin) => preflight(app, origin)));
  expect(answers.map(allowedOrigin)).toEqual([null, null, null]);
});

test('* lets all in', async () => {
  expect(allowedOrigin(await preflight(serve(['*']), 'https://any.example'))).toBe(
    'https://any.example',
  );
});

test('keys and trace context may be sent, cookies never', async () => {
  const { headers } = await preflight(serve(['loopback']), 'http://localhost');
  expect(headers.get('access-control-allow-headers')?.split(',')).toEqual(
    expect.arrayContaining([
      'content-type',
      'authorization',
      'x-api-key',
      'traceparent',
      'tracestate',
      'baggage',
    ]),
  );
  expect(headers.get('access-control-allow-credentials')).toBeNull();
});

test('a page may not post JSON where questions are asked', async () => {
  const { headers } = await preflight(serve(['*'], QUERY_HEADERS), 'http://localhost');
  expect(headers.get('access-control-allow-headers')).not.toContain('content-type');
});

test('answers can be read, errors and their Retry-After too', async () => {
  const headers = { origin: 'http://localhost:5173' };
  const response = await serve(['loopback']).request('/v1/traces', { method: 'POST', headers });
  expect(response.status).toBe(429);
  expect(allowedOrigin(response)).toBe(headers.origin);
  expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After');
  expect(response.headers.get('vary')).toBe('Origin');
});
