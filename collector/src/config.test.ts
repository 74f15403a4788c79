import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { describeOptions, OPTIONS, readConfig } from './config.js';

describe('readConfig', () => {
  test('gives the defaults', () => {
    const config = readConfig([], {});
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 4318 });
    expect(config['grpc-listen']).toEqual({ host: '127.0.0.1', port: 4317 });
    expect(config['clickhouse-url']).toBeUndefined();
  });

  test('lets a flag win over a variable, and a variable over the default', () => {
    const env = { COLLOQUY_LISTEN: '127.0.0.1:1', COLLOQUY_DATA_DIR: '/a' };
    const config = readConfig(['--listen', 'localhost:0'], env);
    expect(config.listen).toEqual({ host: 'localhost', port: 0 });
    expect(config['data-dir']).toBe('/a');
  });

  test.each([
    [['--bootstrap-key', 'short'], '--bootstrap-key is not right: expected at least 32 characters'],
    [['--listen', '127.0.0.1'], '--listen is "127.0.0.1": expected host:port'],
    [['--clickhouse-http-port', '70000'], 'expected a port from 0 to 65535'],
    [['--clickhouse-url', 'localhost:8123'], 'expected http://host:port'],
    [['--clickhouse-database', 'a;b'], 'expected letters, digits and underscores'],
    [['--cors-origins', 'app.example.com'], 'expected loopback, * or origins'],
    [['--cors-origins', 'https://app.example.com/'], 'expected loopback, * or origins'],
    [['--no-such-thing'], "Unknown option '--no-such-thing'"],
  ])('refuses %j in a sentence', (argv, sentence) => {
    expect(() => readConfig(argv, {})).toThrow(sentence);
  });

  test('reads a list of origins', () => {
    expect(readConfig([], {})['cors-origins']).toEqual(['loopback']);
    const argv = ['--cors-origins', 'loopback, https://app.example.com:8443'];
    expect(readConfig(argv, {})['cors-origins']).toEqual([
      'loopback',
      'https://app.example.com:8443',
    ]);
  });

  test('shows no password', () => {
    const config = readConfig([], { COLLOQUY_CLICKHOUSE_PASSWORD: 'hunter2' });
    expect(
      inspect(config) + JSON.stringify(config) + String(config['clickhouse-password']),
    ).not.toContain('hunter2');
    expect(config['clickhouse-password'].reveal()).toBe('hunter2');
  });
});

test('--help and the README name every setting', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(
    / +/g,
    ' ',
  );
  for (const [flag, { env, default: fallback }] of Object.entries(OPTIONS)) {
    expect(describeOptions()).toContain(`--${flag}`);
    expect(readme).toContain(
      `| \`--${flag}\` | \`${env}\` | ${fallback === '' ? '' : `\`${fallback}\` `}|`,
    );
  }
});
