// What differs from one line of a log to the next by its form alone: numbers, addresses, paths, ids, times. All of it becomes one mark,
// as do secrets: a line is stored as what is left.
import { withoutSecrets } from './secrets.js';

/** Stands for what varies. No log holds it: where one does, it is taken for a variable. */
export const VARIABLE = '\u0001';

/** Every repetition is bounded or cannot fail, so that no line takes longer than its length. */
const VARIABLES = new RegExp(
  [
    // A key, which goes on to the end of the line.
    /-----BEGIN [a-z ]{0,40}KEY.*/,
    // Addresses of any scheme, where a password may have signs that end an address; mail, UUIDs, IPv4 with port, MAC.
    /\b[a-z][a-z0-9+.-]{0,40}:\/\/(?:[^\s"]{1,600}@)?[^\s"'<>()\]]+/,
    /\b[\w.+-]{1,64}:[^\s@:/"']{1,128}@[\w.-]{1,128}/,
    /\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}\b/,
    /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/,
    /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/,
    /\b(?:[0-9a-f]{2}:){3,19}[0-9a-f]{2}\b/,
    // Dates, times.
    /\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\/\d{1,2}\/\d{2,4})(?:[T :]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?Z?)?\b/,
    /\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\b/,
    // Paths of Windows and of all others.
    /\b[a-z]:\\[^\s"']+/,
    /(?<![\w.)\]])~?\/[\w.@%+~:$#-][\w.@%+~:$#/-]*/,
    // Hexadecimal, and numbers with their unit.
    /\b0x[0-9a-f]+\b/,
    /\b(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{6,128}\b/,
    /(?<![a-z0-9])[-+]?\d+(?:[.,]\d+)*(?:\s?(?:ns|us|µs|ms|s|secs?|seconds|min|h|B|[KMGT]i?B|bytes|%))?(?![a-z0-9])/,
    /\d+/,
  ]
    .map(({ source }) => `(?:${source})`)
    .join('|'),
  'gi',
);
/** Several in a row are one: lists of numbers have any length. */
const SEVERAL = new RegExp(`${VARIABLE}(?:[-.,:/_ ]?${VARIABLE})+`, 'g');

/** Secrets go first: what is in a quotation is one of them, whatever else it looks like. */
export const masked = (line: string): string =>
  withoutSecrets(line, VARIABLE).replace(VARIABLES, VARIABLE).replace(SEVERAL, VARIABLE);
