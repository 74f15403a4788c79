/** Of the tables and readers in this folder: one more with each change of what they make of a span. */
export const RULE_VERSION = 3;
