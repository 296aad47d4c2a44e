// The line of a query that a message speaks of, counted from 1: DuckDB says "LINE 3: …".
export function failedLine(message: string): number | undefined {
  const line = /\bLINE (\d{1,5}):/i.exec(message)?.[1] ?? /\bline (\d{1,5})\b/i.exec(message)?.[1];
  return line === undefined ? undefined : Number(line);
}
