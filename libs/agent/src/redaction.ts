// Takes well-known forms of secrets out of text before it is written: the last guard, behind code that logs none.
// It must never break a JSON line: no pattern reaches over a closing quote, and every repetition is bounded.

const MASK = '[masked]';

/** Tokens that are known by their form alone: ours, then those of services people use. */
const FORMS = [
  'lmk_[0-9A-Za-z_-]{8,200}',
  'eyJ[\\w-]{6,8000}\\.[\\w-]{6,8000}(?:\\.[\\w-]{0,8000})?', // JSON Web Token, whole or cut
  '(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}',
  'gh[opsur]_[A-Za-z0-9]{16,300}',
  'github_pat_\\w{16,300}',
  'glpat-[\\w-]{12,300}',
  'xox[a-z]-[\\w-]{8,300}',
  'sk-[\\w-]{16,300}',
  '[rs]k_(?:live|test)_\\w{8,300}',
  'AIza[\\w-]{30,60}',
  'ya29\\.[\\w-]{16,1000}',
  'npm_[A-Za-z0-9]{30,60}',
  'hf_[A-Za-z0-9]{20,80}',
  'pypi-[\\w-]{16,400}',
  'SG\\.[\\w-]{16,40}\\.[\\w-]{16,80}',
].join('|');

const WORDS =
  'pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|token|credentials?|authorization';

const RULES: ReadonlyArray<readonly [RegExp, string]> = [
  // Private keys in PEM, also when the end was cut off.
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^"\\]|\\[^"]){0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?=\\?"|$))/g,
    MASK,
  ],
  // user:password@ of any address; a lone token of a NATS address.
  [/([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"\\]{0,256}):[^\s"\\]{1,512}@/gi, `$1:${MASK}@`],
  [/(nats:\/\/)[^\s:@/"\\]{4,512}@/gi, `$1${MASK}@`],
  [/\b(Bearer|Basic)(\s{1,8})[\w.~+/=-]{8,8192}/gi, `$1$2${MASK}`],
  [new RegExp(`(?<![A-Za-z0-9])(?:${FORMS})`, 'g'), MASK],
  // "password": "…", in JSON and in JSON within a JSON text.
  [new RegExp(`((?:${WORDS})"\\s{0,8}:\\s{0,8}")(?:[^"\\\\]|\\\\.){1,8192}`, 'gi'), `$1${MASK}`],
  [new RegExp(`((?:${WORDS})\\\\"\\s{0,8}:\\s{0,8}\\\\")[^"\\\\]{1,8192}`, 'gi'), `$1${MASK}`],
  // password=… of a setting or a query, and a one-time code in an address.
  [new RegExp(`((?:${WORDS})\\s{0,2}=\\s{0,2})[^\\s"\\\\&;,]{3,4096}`, 'gi'), `$1${MASK}`],
  [/([?#&]code=)[^\s"\\&]{4,512}/gi, `$1${MASK}`],
];

/** One pass that finds nothing in a usual line, so that a usual line costs only that. */
const SUSPICIOUS = new RegExp(
  `PRIVATE KEY|:\\/\\/[^\\s/"\\\\]{0,600}@|\\b(?:Bearer|Basic)\\s|[?#&]code=|${WORDS}|(?<![A-Za-z0-9])(?:lmk_|eyJ|A[KSG]IA|A[GIR][PDO]A|gh[opsur]_|github_|glpat-|xox|sk-|[rs]k_|AIza|ya29|npm_|hf_|pypi-|SG\\.)`,
  'i',
);

export function redactSecrets(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let clean = text;
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}
