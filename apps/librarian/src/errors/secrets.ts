// Takes out of a line of a log what stands behind the name of a secret, however it is written there. What is left of the line may be
// stored, so what is in doubt is taken out; it never says what a secret was, not even by its length.
import { TAKEN_OUT } from '@labmesh/runtime';

const NAME =
  '(?<!\\w/)(?:pass(?:word|wd|phrase|code)?|pwd|secret|(?:api|access|account|secret|private|signing|encryption)[ _-]?key|(?<!unexpected )token|credentials?|authorization)';
/** Ends a name that is itself quoted: `"password": `, `['password'] = `. */
const NAME_ENDS = '(?:\\\\*["\'`]\\]?)?';
/** Behind these a secret stands whatever it looks like: signs, verbs, and the blank behind an option of a command. */
const ASSIGNED = '\\s{0,4}(?::=|=>|={1,3}|:(?!:))\\s{0,8}';
const SAID = '\\s{1,4}(?:(?:is|was)(?: now)?|equals|(?:(?:is|was) )?(?:set|changed|reset) to)\\s{1,4}';
const OPTION = '(?<=(?:^|[\\s"\'])--?[\\w-]{1,40})\\s{1,4}';
/** What a program writes before a quotation: `b'…'`, `Some("…")`. */
const WRAPS = '(?:(?:[\\w.]{0,40}[([{<]|[bruf]{1,2})(?=\\\\*["\'`]))?';
/** A key of several lines is taken out as a whole, by `redactSecrets`. */
const NO_PEM = '(?!\\\\*["\'`]?-----BEGIN )';
/** What a log says of a secret, in place of the secret. */
const STATE = `(?:${[
  'no|not|none|null|nil|undefined|true|false|yes|on|off|empty|missing|unset|absent|present|set|needed|required|optional',
  'valid|invalid|right|wrong|correct|incorrect|bad|weak|malformed|mismatch|unknown|unexpected|too|expired|stale|revoked|locked',
  'accepted|rejected|refused|denied|unauthorized|forbidden|disabled|enabled|failed|failure|error|ok|permission|access',
  'authentication|connection|cannot|could|unable|timeout|timed|already|still|being|changed|updated|reset|found|created|used',
  'a|an|the|in|of|for|from|to|at|by',
].join('|')})[.,;:!?)\\]}]{0,4}(?:\\s|$)`;
/** A word that is none of a language, and no place in a program: letters with digits or signs among them. */
const STRANGE = '(?![^\\s"]{0,200}[/\\\\:])(?=[^\\s"]{0,200}[a-z])(?=[^\\s"]{0,200}(?:\\d|[a-z][@#$%^&*!+][a-z]))';
const SCHEME = '(?:(?:Bearer|Basic|Digest|Negotiate|Token)\\s{1,4})?';

/** A quotation goes on to its last quote, or to the end of the line when that is missing; all else to a blank or a quote. */
const SECRET = new RegExp(
  [
    `(${NAME}${NAME_ENDS}(?:(?:${ASSIGNED}|${SAID}|${OPTION})(?![([{<]?${STATE})|\\s{1,4}(?=${WRAPS}\\\\*["'\`]|[([{<]?${STRANGE}))${WRAPS})${NO_PEM}`,
    '(?:(\\\\*["\'`])(?:(?!\\2(?!\\w))(?:\\\\.|[^\\\\]))+',
    `|(${SCHEME}[([{<]?)[^\\s"]*[^\\s"'\`,;)\\]}>])`,
  ].join(''),
  'gi',
);

/** One pass that finds nothing in a usual line, so that a usual line costs only that. */
const SUSPICIOUS = /pass|pwd|secret|key|token|credential|authorization/i;

/** The line with `mark` for each of its secrets. */
export function withoutSecrets(line: string, mark: string): string {
  const clean = line.replaceAll(TAKEN_OUT, mark);
  if (!SUSPICIOUS.test(clean)) return clean;
  return clean.replace(
    SECRET,
    (_, before: string, quote: string | undefined, opening: string | undefined) =>
      `${before}${quote ?? opening ?? ''}${mark}`,
  );
}
