import { expect, test } from 'vitest';
import { atomsOf } from './identity.js';

const sent = (uri: string) =>
  atomsOf({ role: 'user', parts: [{ type: 'uri', modality: 'image', uri }] });
const stored = (id: string, traceId: string, size: number): string =>
  `mlflow-attachment://${id}?content_type=image%2Fpng&trace_id=${traceId}&size=${size}`;

test('bytes that MLflow stores for each call are the same, as far as kind and size tell', () => {
  expect(sent(stored('4c', 'tr-1', 70))).toEqual(sent(stored('9f', 'tr-2', 70)));
  expect(sent(stored('4c', 'tr-1', 70))).not.toEqual(sent(stored('4c', 'tr-1', 71)));
});

test('an address that tells neither kind nor size is compared to the letter', () => {
  expect(sent('mlflow-attachment://4c')).not.toEqual(sent('mlflow-attachment://9c'));
});

test('other addresses are compared to the letter', () => {
  const [a, b] = ['https://h/a?trace_id=1', 'https://h/a?trace_id=2'];
  expect(sent(a)).not.toEqual(sent(b));
});
