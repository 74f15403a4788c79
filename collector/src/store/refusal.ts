import { ClickHouseError } from '@clickhouse/client';

/**
 * ClickHouse's codes for rows that it cannot read: sending them again will not help. All other
 * errors (memory, disk, too many parts, time, connection) may pass.
 */
const UNREADABLE: Readonly<Record<string, string>> = {
  6: 'CANNOT_PARSE_TEXT',
  25: 'CANNOT_PARSE_ESCAPE_SEQUENCE',
  26: 'CANNOT_PARSE_QUOTED_STRING',
  27: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
  38: 'CANNOT_PARSE_DATE',
  41: 'CANNOT_PARSE_DATETIME',
  53: 'TYPE_MISMATCH',
  69: 'ARGUMENT_OUT_OF_BOUND',
  70: 'CANNOT_CONVERT_TYPE',
  72: 'CANNOT_PARSE_NUMBER',
  117: 'INCORRECT_DATA',
  190: 'SIZES_OF_ARRAYS_DONT_MATCH',
  321: 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE',
  349: 'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN',
};

/** Why ClickHouse will never take these rows; `undefined` when it may later. */
export const refusalOf = (error: unknown): string | undefined =>
  error instanceof ClickHouseError ? UNREADABLE[error.code] : undefined;
