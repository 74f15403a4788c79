/** Names of a project's settings: what it wants masked, and what its pseudonyms are made with. */
export const MASKING = 'masking';
export const MASKING_SECRET = 'masking_secret';
