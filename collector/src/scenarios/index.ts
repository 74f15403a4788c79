import type { Scenario } from './scenario.js';
import { ANSWERS } from './answers.js';
import { AGENTS } from './agents.js';
import { HISTORIES } from './histories.js';
import { SETUPS } from './setups.js';
import { TRAVEL } from './travel.js';
import { WORDS } from './words.js';

/** Every scenario, in the order of the matrix's columns. */
export const SCENARIOS: readonly Scenario[] = [
  TRAVEL,
  ...ANSWERS,
  ...AGENTS,
  ...HISTORIES,
  ...WORDS,
  ...SETUPS,
];
