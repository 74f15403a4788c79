import { z } from 'zod';

/** What is found by itself; addresses of machines only where they are asked for. */
export const DETECTOR_NAMES = ['key', 'email', 'iban', 'card', 'phone', 'ip'] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];

const MAX_PATTERNS = 20;
const MAX_PATTERN_LENGTH = 500;

const isBuiltIn = (name: string): boolean => (DETECTOR_NAMES as readonly string[]).includes(name);

const patternShape = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9_]{0,31}$/,
      'Must be of small letters, digits and underscores, 32 at most.',
    )
    .refine((name) => !isBuiltIn(name), 'Is the name of a built-in detector.')
    .describe('Shows in capitals where the text stood.'),
  pattern: z
    .string()
    .min(1)
    .max(MAX_PATTERN_LENGTH)
    .describe('A regular expression as RE2 takes it.'),
});

/** What a project has masked before anything is stored. */
export const maskingSettingsShape = z
  .strictObject({
    detectors: z.array(z.enum(DETECTOR_NAMES)).default([]).describe('What is found by itself.'),
    patterns: z
      .array(patternShape)
      .max(MAX_PATTERNS)
      .refine(
        (patterns) => new Set(patterns.map(({ name }) => name)).size === patterns.length,
        'Two patterns have the same name.',
      )
      .default([])
      .describe('What else is masked.'),
    replacement: z
      .enum(['pseudonym', 'label'])
      .default('pseudonym')
      .describe('[EMAIL_3f2a…], the same for the same value; or [EMAIL].'),
    ids: z
      .enum(['keep', 'mask'])
      .default('keep')
      .describe('Whether ids of users and threads stay, or are masked where they match.'),
  })
  .meta({ id: 'MaskingSettings' });
export type MaskingSettings = z.infer<typeof maskingSettingsShape>;

/** The settings, and what they did since the collector started. */
export const maskingShape = z.object({
  settings: maskingSettingsShape,
  masked: z
    .record(z.string(), z.int().min(0))
    .describe('How much this collector masked since it started, by what found it.'),
});
export type MaskingAnswer = z.infer<typeof maskingShape>;

/** What to try, and on how many messages. */
export const maskingTrialShape = z.strictObject({
  settings: maskingSettingsShape.optional().describe('Those of the project where left out.'),
  messages: z.int().min(1).max(1_000).default(200).describe('How many, the newest first.'),
});
export type MaskingTrial = z.infer<typeof maskingTrialShape>;

/** What settings would do; nothing of it is stored. */
export const maskingPreviewShape = z.object({
  messages_read: z.int().min(0),
  messages_changed: z.int().min(0),
  messages_left_out: z.int().min(0).describe('For there was too much text before them.'),
  found: z.record(z.string(), z.int().min(0)).describe('How much, by what found it.'),
  examples: z
    .array(
      z.object({
        found_by: z.string(),
        thread_id: z.string(),
        message_id: z.string(),
        role: z.string(),
        before: z.string(),
        after: z.string(),
      }),
    )
    .describe('The first few of each kind, with some words around them.'),
});
export type MaskingPreview = z.infer<typeof maskingPreviewShape>;
export type MaskingExample = MaskingPreview['examples'][number];
