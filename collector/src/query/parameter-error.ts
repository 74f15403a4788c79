import { ColloquyError } from '../errors.js';

/** What is wrong with one parameter. */
export interface ParameterIssue {
  readonly parameter: string;
  /** A sentence that tells what would be right. */
  readonly detail: string;
}

/** `INVALID_PARAMETER`, with the parameters named one by one. */
export class ParameterError extends ColloquyError {
  readonly issues: readonly ParameterIssue[];

  constructor(issues: readonly ParameterIssue[]) {
    super(
      'INVALID_PARAMETER',
      issues.map(({ parameter, detail }) => `${parameter}: ${detail}`).join('; '),
    );
    this.issues = issues;
  }
}
