const DASH = String.raw`\u2010-\u2015-`;
const SPACE = String.raw` \u00A0\u2009\u202F`;

/** What may stand between two digits of an international number: `+49 (0) 30 / 12-34`. */
const JOINT = String.raw`(?:[${SPACE}${DASH}./]|\)[${SPACE}${DASH}]?\(?|[${SPACE}]?\(|[${SPACE}][/${DASH}][${SPACE}])?`;

/** The same where there is no `+` to tell a number from a date or an amount. */
const PLAIN_JOINT = String.raw`(?:[${SPACE}]?[/${DASH}][${SPACE}]?|[${SPACE}])`;

const END = String.raw`(?!\w|[${DASH}:.]\d)`;

const FORMS = [
  // E.164 and as it is written: +49 170 1234567, +1 (555) 123-4567.
  String.raw`(?<![\w+])\+\(?[1-9](?:${JOINT}\d){7,14}${END}`,
  // The same, dialled: 0049 170 1234567.
  String.raw`(?<![\w.+/${DASH}])00[1-9](?:${JOINT}\d){9,13}${END}`,
  // North America: (555) 123-4567, 1-555-123-4567, 555.123.4567.
  String.raw`(?<![\w.+/$€£${DASH}])(?:1[${SPACE}${DASH}.])?(?:\([2-9]\d{2}\)[${SPACE}]?|[2-9]\d{2}[${SPACE}${DASH}.])\d{3}[${SPACE}${DASH}.]\d{4}${END}`,
  // France: 01 23 45 67 89, 01.23.45.67.89.
  String.raw`(?<![\w.+/${DASH}])0[1-9](?:\.\d{2}){4}${END}`,
  // National with a trunk 0: 030/1234567, 0170 1234567, (020) 7946 0958.
  String.raw`(?<![\w.+/:${DASH}])(?:\(0[1-9]\d{0,4}\)|0[1-9]\d{0,4})(?:${PLAIN_JOINT}\d{2,8}){1,4}${END}`,
];

export const PHONE_PATTERN = new RegExp(FORMS.join('|'), 'g');

/** `05/06/2023 14`, `01-02-2024 1030`. */
const DATE = /^\(?\d{1,2}[^\d]\d{1,2}[^\d](?:19|20)\d{2}\b/;

const countDigits = (text: string): number => text.replaceAll(/\D/g, '').length;

/** As many as are dialled anywhere. @see https://www.itu.int/rec/T-REC-E.164 */
const LIMITS = { international: [8, 17], national: [9, 12] } as const;

/** How much of what was found is a number; figures that follow it are left out. 0 for none. */
export function acceptPhone(found: string): number {
  const [min, max] = LIMITS[/^(?:\+|00)/.test(found) ? 'international' : 'national'];
  let end = found.length;
  while (countDigits(found.slice(0, end)) > max) end = found.slice(0, end).search(/\D+\d+$/);
  const number = found.slice(0, Math.max(0, end));
  return countDigits(number) >= min && !DATE.test(number) ? number.length : 0;
}
