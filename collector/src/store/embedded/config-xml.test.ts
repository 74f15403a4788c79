import { expect, test } from 'vitest';

import { configXml, usersXml } from './config-xml.js';

const SETTINGS = {
  dataDir: '/data',
  usersFile: '/data/users.xml',
  httpPort: 8123,
  tcpPort: 9000,
  maxMemory: 1000,
};

test('escapes what would be markup', () => {
  const xml = configXml({ ...SETTINGS, dataDir: '/a&b<c>' });
  expect(xml).toContain('<path>/a&amp;b&lt;c&gt;/clickhouse/</path>');
});

test('listens on loopback alone, with no default database', () => {
  const xml = configXml(SETTINGS);
  expect(xml.match(/<listen_host>[^<]*/g)).toEqual(['<listen_host>127.0.0.1']);
  expect(xml).toContain('<default_database></default_database><database>system</database>');
  expect(xml).toContain('<http_port>8123</http_port><tcp_port>9000</tcp_port>');
});

test('names no native port when there is none', () => {
  expect(configXml({ ...SETTINGS, tcpPort: undefined })).not.toContain('tcp_port');
});

test('holds passwords only as hashes', () => {
  const xml = usersXml({ adminPassword: 'abc', readerPassword: 'def', maxMemory: 1000 });
  // SHA-256 of "abc", FIPS 180-2 appendix B.1.
  expect(xml).toContain('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(xml).not.toContain('abc<');
  expect(xml).not.toContain('def<');
});
