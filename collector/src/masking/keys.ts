/**
 * Keys and tokens that give themselves away by how they begin. The first letters are what texts are
 * searched for; the rest is the form of what follows.
 */
const KEYS: readonly (readonly [begins: string, rest: string])[] = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse and many others.
  ['sk-', String.raw`[\w-]{16,}`],
  ['pk-lf-', String.raw`[\w-]{16,}`],
  // AWS access keys, permanent and temporary.
  ['AKIA', '[A-Z0-9]{16}'],
  ['ASIA', '[A-Z0-9]{16}'],
  ['ghp_', '[A-Za-z0-9]{30,}'],
  ['gho_', '[A-Za-z0-9]{30,}'],
  ['ghu_', '[A-Za-z0-9]{30,}'],
  ['ghs_', '[A-Za-z0-9]{30,}'],
  ['ghr_', '[A-Za-z0-9]{30,}'],
  ['github_pat_', String.raw`\w{40,}`],
  ['glpat-', String.raw`[\w-]{16,}`],
  // Slack.
  ['xox', '[abeoprs]-[A-Za-z0-9-]{10,}'],
  ['xapp-', '[A-Za-z0-9-]{10,}'],
  // Google: API keys, OAuth tokens and client secrets.
  ['AIza', String.raw`[\w-]{35}`],
  ['ya29.', String.raw`[\w-]{20,}`],
  ['GOCSPX-', String.raw`[\w-]{20,}`],
  ['hf_', '[A-Za-z0-9]{30,}'],
  ['gsk_', '[A-Za-z0-9]{40,}'],
  ['xai-', '[A-Za-z0-9]{40,}'],
  ['pplx-', '[A-Za-z0-9]{40,}'],
  ['npm_', '[A-Za-z0-9]{36}'],
  ['SG.', String.raw`[\w-]{16,}\.[\w-]{16,}`],
  // Stripe.
  ['sk_live_', '[A-Za-z0-9]{16,}'],
  ['sk_test_', '[A-Za-z0-9]{16,}'],
  ['rk_live_', '[A-Za-z0-9]{16,}'],
  ['rk_test_', '[A-Za-z0-9]{16,}'],
  ['whsec_', '[A-Za-z0-9+/]{16,}'],
];

const escaped = (text: string): string => text.replaceAll('.', String.raw`\.`);

const PREFIXED = KEYS.map(([begins, rest]) => escaped(begins) + rest).join('|');

/** A JSON Web Token, signed or encrypted. */
const JWT = String.raw`(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){2,4}`;

/** An Authorization header's token; one without a digit is a word: `bearer of bad news`. */
const BEARER = String.raw`(?<=\b[Bb]earer[ \t]+)(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*`;

/** A PEM block, also one that a length limit cut. */
const PEM = String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:\s*[A-Z][\w-]{1,30}:[^\n"]*\n)*[A-Za-z0-9+/=\s]*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?`;

export const KEY_PATTERN = new RegExp(
  `(?<![A-Za-z0-9_])(?:${PREFIXED})|${JWT}|${BEARER}|${PEM}`,
  'g',
);

/** Whether a text may hold a key at all. */
export const KEY_HINT = new RegExp(
  `${KEYS.map(([begins]) => escaped(begins)).join('|')}|eyJ|[Bb]earer[ \\t]|PRIVATE KEY`,
);
