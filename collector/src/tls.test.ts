import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { credentials, Metadata } from '@grpc/grpc-js';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as HttpTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { expect, test } from 'vitest';
import { startTestService } from './access/testing/locked-service.js';
import { readConfig } from './config.js';
import { createSdkSpans, exportWith } from './receivers/otlp/sdk-telemetry.js';
import { openTls } from './tls.js';

const folder = mkdtempSync(join(tmpdir(), 'colloquy-tls-'));
const cert = join(folder, 'cert.pem');
const key = join(folder, 'key.pem');
const spans = [...createSdkSpans()];

/** Puts a certificate where the service looks for one. */
function placeCertificate(name: string): void {
  const made = new URL('../test/tls/', import.meta.url);
  copyFileSync(new URL(`${name}.cert.pem`, made), cert);
  copyFileSync(new URL(`${name}.key.pem`, made), key);
}

/** The name in the certificate that a server shows. */
const nameShown = async (url: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const options = { ca: readFileSync(cert), agent: false } as const;
    get(`${url}/healthz`, options, (response) => {
      resolve((response.socket as TLSSocket).getPeerCertificate().subject.CN);
      response.resume();
    }).on('error', reject);
  });

test('HTTP and gRPC are over TLS, and take a certificate that was replaced', async () => {
  placeCertificate('first');
  const service = await startTestService({
    flags: ['--tls-cert', cert, '--tls-key', key],
    env: {},
  });
  expect(service.httpUrl).toMatch(/^https:/);
  const send = async () => {
    const ca = readFileSync(cert);
    const http = new HttpTraceExporter({
      url: `${service.httpUrl}/v1/traces`,
      httpAgentOptions: { ca },
    });
    const grpc = new GrpcTraceExporter({
      url: `https://${service.grpcAddress}`,
      credentials: credentials.createSsl(ca),
      metadata: new Metadata(),
    });
    const codes = [await exportWith(http, spans), await exportWith(grpc, spans)];
    await Promise.all([http.shutdown(), grpc.shutdown()]);
    return codes;
  };
  expect(await nameShown(service.httpUrl)).toBe('first');
  expect(await send()).toEqual([{ code: 0 }, { code: 0 }]);
  placeCertificate('second');
  service.reloadTls?.();
  expect(await nameShown(service.httpUrl)).toBe('second');
  expect(await send()).toEqual([{ code: 0 }, { code: 0 }]);
  writeFileSync(key, 'no key');
  expect(() => service.reloadTls?.()).toThrow(/cannot be used for TLS/);
  expect(await nameShown(service.httpUrl)).toBe('second');
  await service.stop();
});

test('files that are of no use are named', () => {
  const open = (...flags: readonly string[]) => openTls(readConfig(flags, {}));
  expect(open()).toBeUndefined();
  expect(() => open('--tls-cert', cert)).toThrow('belong together');
  expect(() => open('--tls-cert', '/nowhere/cert', '--tls-key', key)).toThrow('/nowhere/cert');
});
