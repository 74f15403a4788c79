const FILTERED = 'spans of models alone are exported, and none of the spans that say the id';

/** What cannot be played where a platform's SDK leaves out the app's own spans. */
export const UNNAMED = {
  'missing-root': FILTERED,
  'id-on-root': FILTERED,
  'id-on-child': FILTERED,
  'id-on-last': FILTERED,
} as const;
