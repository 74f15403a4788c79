/*
 * The program that becomes ClickHouse: `node child.js <library> <argument of clickhouse-local>...`
 *
 * Its stdin must be a pipe that the parent keeps open and never writes to. The engine reads it as
 * its last statement and so ends when the parent closes it, or dies in whatever way.
 */
import { DataType, isNullPointer, load, open } from 'ffi-rs';

const [library, ...engineArguments] = process.argv.slice(2);
if (library === undefined) throw new Error('usage: child.js <library> <argument>...');

open({ library: 'chdb', path: library });
open({ library: 'c', path: process.platform === 'darwin' ? 'libSystem.B.dylib' : 'libc.so.6' });

// Node's pipes are socket pairs, so this ends the engine's read and gives the same clean stop as a
// parent that closes the pipe. Without a listener a signal would kill the engine outright.
const endStdin = (): void => {
  load({
    library: 'c',
    funcName: 'shutdown',
    retType: DataType.I32,
    paramsType: [DataType.I32, DataType.I32],
    paramsValue: [0, 2],
  });
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, endStdin);

// With its own handlers a crashed engine (26.7: a malformed HTTP head is enough) lives on and
// refuses every query with code 236. Without them it dies, and the parent starts it again.
load({
  library: 'chdb',
  funcName: 'chdb_set_signal_handlers_enabled',
  retType: DataType.Void,
  paramsType: [DataType.I32],
  paramsValue: [0],
});

const message = await runClickHouse(['clickhouse-local', ...engineArguments]);
if (message !== undefined) console.error(message);
process.exit(message === undefined ? 0 : 1);

/** Runs until stdin ends; resolves to the engine's error message, if it has one. */
async function runClickHouse(argv: readonly string[]): Promise<string | undefined> {
  const result = await load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [argv.length, argv],
    // Keeps this thread free for signals.
    runInNewThread: true,
  });
  const read = { library: 'chdb', funcName: 'chdb_result_error', paramsType: [DataType.External] };
  const error = load({ ...read, retType: DataType.External, paramsValue: [result] });
  if (isNullPointer(error)) return undefined;
  return load({ ...read, retType: DataType.String, paramsValue: [result] });
}
