// Where an error was seen, in names that people know: jobs, solutions, agents. Sources are also told apart by what nobody knows.

/** Before the hash of an excerpt, which has no name. */
export const EXCERPT = 'excerpt:';
/** Behind it which start of a process it was, and which day. */
export const RUN_MARK = '#';

/** Each once, in their order. */
export const placesIn = (sources: readonly string[]): string[] => [
  ...new Set(
    sources.filter((source) => !source.startsWith(EXCERPT)).map((source) => source.split(RUN_MARK)[0] ?? source),
  ),
];
