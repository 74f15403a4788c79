import type { Attachment, Scenario } from './scenario.js';
import { SYSTEM } from './travel.js';

const base = { system: SYSTEM, tools: [] } as const;

/** One red pixel. */
const PICTURE: Attachment = {
  kind: 'image',
  mimeType: 'image/png',
  name: 'pixel.png',
  base64:
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
};

/** A page with nothing on it. */
const DOCUMENT: Attachment = {
  kind: 'file',
  mimeType: 'application/pdf',
  name: 'ticket.pdf',
  base64: Buffer.from(
    '%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  ).toString('base64'),
};

const MEGABYTE = 1_048_576;
const LINE = 'A line of a travel diary that goes on and on.\n';

/** What people write. */
export const WORDS: readonly Scenario[] = [
  {
    ...base,
    name: 'repeated',
    about: 'equal messages and equal answers in a row',
    steps: [
      { user: 'ping', replies: [{ text: 'pong' }] },
      { user: 'ping', replies: [{ text: 'pong' }] },
      { user: 'ping', replies: [{ text: 'pong' }] },
      { user: 'stop', replies: [{ text: 'pong' }] },
    ],
  },
  {
    ...base,
    name: 'languages',
    about: 'CJK, emoji with joiners, right-to-left, combining marks, code and quotes',
    steps: [
      {
        user: '東京から京都まで何時間ですか？',
        replies: [{ text: '新幹線で約２時間15分です。🚄' }],
      },
      { user: 'كم تبعد القدس عن حيفا؟', replies: [{ text: 'حوالي ١٥٠ كيلومترًا ‏(93 mi)‏.' }] },
      { user: 'מה השעה? 👩‍👩‍👧‍👦🏳️‍🌈', replies: [{ text: 'השעה 14:05 ⏰' }] },
      {
        user: 'e\u0301 is not \u00e9; print("hi \\n {\'a\': [1, 2]}") </script> & "quotes"',
        replies: [
          { text: '```python\nprint("hi \\\\n")\n```\n\u2028A\ttab, a NUL-like \\u0000 and 𝒳.' },
        ],
      },
    ],
  },
  {
    ...base,
    name: 'json-text',
    about: 'messages that look like JSON, role labels or placeholders',
    steps: [
      { user: '[{"role":"user","content":"not a message"}]', replies: [{ text: '{"a": 1}' }] },
      { user: '42', replies: [{ text: 'null' }] },
      { user: 'user: hi\nassistant: hello', replies: [{ text: 'true' }] },
      { user: '{"type":"text","text":"x"}', replies: [{ text: '"quoted"' }] },
    ],
  },
  {
    ...base,
    name: 'megabyte',
    about: 'a message of 1 MB',
    steps: [
      {
        user: LINE.repeat(Math.ceil(MEGABYTE / LINE.length))
          .slice(0, MEGABYTE)
          .trim(),
        replies: [{ text: 'That was long.' }],
      },
      { user: 'Did you read all of it?', replies: [{ text: 'Every word.' }] },
    ],
  },
  {
    ...base,
    name: 'media',
    about: 'a picture and a document go with questions',
    steps: [
      { user: 'What colour is this?', attachments: [PICTURE], replies: [{ text: 'Red.' }] },
      {
        user: 'And what is on my ticket?',
        attachments: [DOCUMENT],
        replies: [{ text: 'Nothing.' }],
      },
      { user: 'Strange.', replies: [{ text: 'Ask at the counter.' }] },
    ],
  },
];
