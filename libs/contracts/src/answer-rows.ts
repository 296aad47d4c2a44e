// Rows that SQL answered, as objects. Without zod, so that the page can have it, too. Part of the contract in curator.ts.

/** One for each column: a name that stands twice gets a number, so that an object can hold both. */
export function answerNames(columns: ReadonlyArray<{ readonly name: string }>): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}

/** Rows as objects. @param names as `answerNames` gives them */
export const answerRows = (
  rows: ReadonlyArray<readonly unknown[]>,
  names: readonly string[],
): Array<Record<string, unknown>> =>
  rows.map((values) => Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])));
