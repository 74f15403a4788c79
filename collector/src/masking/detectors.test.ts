import { DETECTOR_NAMES, type MaskingSettings } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { rewrite } from './rewrite.js';
import { TextMasker } from './text-masker.js';

const settings: MaskingSettings = {
  detectors: [...DETECTOR_NAMES],
  patterns: [],
  replacement: 'label',
  ids: 'keep',
};
const masker = new TextMasker(settings, 'secret');
const mask = (text: string): string => rewrite(text, masker.find(text));

// Put together, so that no scanner of repositories takes them for real ones.
const key = (...parts: readonly string[]): string => parts.join('');

describe('masks', () => {
  test.each([
    ['Write to joe.doe+x@mail.example.co.uk.', 'Write to [EMAIL].'],
    ['JOE@EXAMPLE.COM,ann@example.com', '[EMAIL],[EMAIL]'],
    ['jürgen@müller.de und иван@почта.рф', '[EMAIL] und [EMAIL]'],
    ['请联系joe@example.com谢谢', '请联系[EMAIL]谢谢'],
    ['https://x.example/?mail=joe%40example.com&b=1', 'https://x.example/?mail=[EMAIL]&b=1'],
    ['<joe@example.com>', '<[EMAIL]>'],
    ['...joe@example.com', '...[EMAIL]'],
    ['postgres://app:hunter2@db.example.com/x', 'postgres://app:[EMAIL]/x'],
  ])('e-mail addresses in %s', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test.each([
    '+49 170 1234567',
    '+491701234567',
    '+49 (0) 30 / 123456',
    '+1 (555) 123-4567',
    '+1‑555‑123‑4567',
    '+33 1 23 45 67 89',
    '0049 170 1234567',
    '(555) 123-4567',
    '555-123-4567',
    '555.123.4567',
    '1-800-555-0199',
    '0170 1234567',
    '030/1234567',
    '(020) 7946 0958',
    '01 23 45 67 89',
    '01.23.45.67.89',
    '07911 123456',
  ])('the phone number %s', (number) => {
    expect(mask(`Call ${number}, or (${number})!`)).toBe('Call [PHONE], or ([PHONE])!');
  });

  test.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111 1111 1111 1111',
    '5555555555554444',
    '2223003122003222',
    '378282246310005',
    '3782 822463 10005',
    '6011111111111117',
    '3530111333300000',
    '30569309025904',
    '6240008631401148',
  ])('the card %s', (number) => {
    expect(mask(`Card ${number}.`)).toBe('Card [CARD].');
  });

  test.each([
    'DE89370400440532013000',
    'DE89 3704 0044 0532 0130 00',
    'GB29 NWBK 6016 1331 9268 19',
    'fr1420041010050500013m02606',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ])('the IBAN %s', (number) => {
    expect(mask(`Pay to ${number} please`)).toBe('Pay to [IBAN] please');
  });

  test.each([
    key('sk-', 'proj-abcDEF123456_7890-ghijklmnop'),
    key('sk-', 'ant-api03-abcDEF1234567890abcDEF'),
    key('AKIA', 'IOSFODNN7EXAMPLE'),
    key('ghp_', 'abcdefghijklmnopqrstuvwxyz0123456789'),
    key('github_pat_', '11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz012345678901234567890'),
    key('xoxb-', '123456789012-abcdefABCDEF'),
    key('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'),
    key('sk_live_', '51Habcdefghijklmnop'),
    key('eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4fw'),
    key('hf_', 'abcdefghijklmnopqrstuvwxyz01234567'),
    key(
      '-----BEGIN RSA ',
      'PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1\nabc/+=\n-----END RSA PRIVATE KEY-----',
    ),
    key('-----BEGIN ', 'PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1\nabc/+'),
  ])('the key %s', (secret) => {
    expect(mask(`It is "${secret}" now`)).toBe('It is "[KEY]" now');
    expect(mask(JSON.stringify({ secret }))).toBe('{"secret":"[KEY]"}');
  });

  test('the token of an Authorization header', () => {
    expect(mask('Authorization: Bearer abcdef0123456789abcdef==')).toBe(
      'Authorization: Bearer [KEY]',
    );
  });

  test('addresses of machines', () => {
    expect(mask('from 192.168.0.17 and 2001:db8::8a2e:370:7334')).toBe('from [IP] and [IP]');
  });
});

test.each([
  '2024-05-06T10:30:00.123+02:00, 06.05.2024 10:30, 05/06/2024 14, 01-02-2024 10:30',
  'Version 1.2.3-rc.4, 10.15.7, node@20.19.0 and @scope/pkg@1.2.3',
  '1,234,567.89 €, $1 000 000, 3.14159265358979, 1e+12345678, -12345678901',
  '123e4567-e89b-12d3-a456-426614174000 and 00000000-0000-4111-1111-111111111111',
  '4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 01234567890123456789',
  'epoch 1716987654 1716987654321 1716987654321987654, order 4111111111111112, 12345678901',
  'logo@2x.png, @joe on x, a @ b, joe@localhost',
  'chatcmpl-9abcDEF0123456789, call_abc123DEF456, toolu_01ABCdef, resp_68a1b2c3d4e5f60718',
  'sk-folding-cube-wrapper and bearer of bad news from responsibilities',
  'ISBN 978-3-16-148410-0, ISBN 0-306-40615-2, 12:30:45, C++ std::vector::iterator',
  'IBAN DE89370400440532013001, AB12 3456 7890 1234 5678',
  'ranges 10-20 30-40, scores 100 200 300, 0.5 0.25 0.125, 007 agents, 1.2.3.4.5',
])('leaves %s alone', (text) => {
  expect(mask(text)).toBe(text);
});

test('leaves bytes alone, whatever chance writes in them', () => {
  const run = 'QmFzZTY0'.repeat(40);
  const image = `data:image/png;base64,${run}/4111111111111111+${run}/AKIAIOSFODNN7EXAMPLE/${run}`;
  expect(mask(image)).toBe(image);
  expect(mask(`AKIAIOSFODNN7EXAMPLE ${run}`)).toBe(`[KEY] ${run}`);
});
