import { expect, test } from 'vitest';
import { encodeAwsEvent } from './aws-event-stream.js';

// Written by EventStreamCodec of @smithy/core, of the same headers and payload.
const ENCODED =
  'AAAAdgAAAFKW1freCzpldmVudC10eXBlBwAMbWVzc2FnZVN0YXJ0DTpjb250ZW50LXR5cGUHABBhcHBsaWNhdGlvbi9qc29uDTptZXNzYWdlLXR5cGUHAAVldmVudHsicm9sZSI6ImFzc2lzdGFudCJ9b6jFmQ==';

test("encodes an event to the byte as AWS's own codec does", () => {
  const frame = encodeAwsEvent('messageStart', { role: 'assistant' });
  expect(frame.toString('base64')).toBe(ENCODED);
});
