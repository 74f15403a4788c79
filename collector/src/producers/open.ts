/** What the rebuild does not do yet, whoever tells. */
export const OPEN: Readonly<Record<string, string>> = {};
