// A pasted JSON Schema: an object, or what is wrong with the text and in which line.
export type ReadSchema = { readonly schema: Record<string, unknown> } | { readonly problem: string };

export function readSchema(text: string): ReadSchema {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { schema: value as Record<string, unknown> };
    return { problem: 'A JSON Schema of a row is an object: {"type": "object", "properties": {…}}.' };
  } catch (thrown) {
    return { problem: `This is not JSON${placeOf(text, thrown)}.` };
  }
}

/** Browsers say the place as a position or as line and column; people want the line. */
function placeOf(text: string, thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : '';
  const line = /line (\d+)/.exec(message)?.[1];
  if (line !== undefined) return `, see line ${line}`;
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return text.trim() === '' ? ': it is empty' : ': it ends too early';
  return `, see line ${text.slice(0, Number(position)).split('\n').length}`;
}
