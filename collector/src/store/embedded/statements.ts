/**
 * What the child runs: it listens, says on which ports, and reads stdin until that ends. Pure.
 *
 * @param readyFile - absolute; written once queries are answered
 */
export function startStatements(readyFile: string, withTcp: boolean): string {
  const listeners = withTcp ? 'QUERIES ALL' : 'HTTP';
  const tcp = withTcp ? `, getServerPort('tcp_port') AS tcp` : '';
  return `SYSTEM START LISTEN ${listeners};
    SELECT getServerPort('http_port') AS http${tcp}
      INTO OUTFILE ${quote(readyFile)} TRUNCATE FORMAT JSONEachRow;
    SELECT * FROM file('-', 'LineAsString', 'line String') FORMAT Null`;
}

/**
 * Shadows the function `file`, which in local mode reads any file for any user, asks for no grant,
 * and cannot be fenced. A function on disk may have a built-in's name, one made by SQL may not; it
 * wins everywhere, also in APPLY and as an argument. The table function of that name, which does
 * ask for a grant, is not touched.
 */
export const SHADOW_FUNCTION = {
  fileName: 'function_file.sql',
  sql: `CREATE FUNCTION file AS (path) -> throwIf(true, 'The function file() is switched off')\n`,
} as const;

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
