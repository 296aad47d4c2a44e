// How secrets look: of this lab, of services that people use, and by the name that they are assigned to. It never keeps one.
import { CLIENT_KEY_PREFIX, isKeyOfForm, KEY_PATTERN, REFRESH_TOKEN_PREFIX } from '@labmesh/contracts';

export interface SecretKind {
  readonly what: string;
  readonly pattern: RegExp;
  /** Tells a secret from what only looks like one. */
  readonly holds?: (match: RegExpExecArray) => boolean;
}

const PLACEHOLDER =
  /^(x+|\*+|\.+|your|change|example|placeholder|dummy|secret|password|todo|none|null|test|foo|user|pass)/i;
const notPlaceholder = (text: string): boolean => !PLACEHOLDER.test(text) && !/[<>{}$%…]|\.\.\./.test(text);

/** Forms whose prefix alone says what they are. */
export const SECRET_KINDS: readonly SecretKind[] = [
  {
    what: 'a key of a lab (lmk_… or lmr_…)',
    pattern: new RegExp(`\\b${KEY_PATTERN}\\b`, 'g'),
    holds: ([text]) => isKeyOfForm(CLIENT_KEY_PREFIX, text) || isKeyOfForm(REFRESH_TOKEN_PREFIX, text),
  },
  { what: 'an access token (JWT)', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g },
  {
    what: 'a key of AWS',
    pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{4}[A-Z0-9]{12}\b/g,
    holds: ([text]) => !/EXAMPLE$/.test(text),
  },
  { what: 'a token of GitHub', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,})/g },
  { what: 'a token of GitLab', pattern: /\bglpat-[\w-]{20,}/g },
  { what: 'a token of Slack', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/g },
  { what: 'an address of Slack’s webhooks', pattern: /hooks\.slack\.com\/services\/T\w{8,}\/B\w{8,}\/\w{20,}/g },
  { what: 'a key of Google', pattern: /\bAIza[\w-]{35}/g },
  { what: 'a token of npm', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a token of PyPI', pattern: /\bpypi-AgEI[\w-]{50,}/g },
  { what: 'a token of Hugging Face', pattern: /\bhf_[A-Za-z]{34,}\b/g },
  {
    what: 'a key of Anthropic or OpenAI',
    pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9][\w-]{30,}/g,
    holds: ([text]) => /\d/.test(text),
  },
  { what: 'a key of Stripe', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/g },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/g },
  {
    what: 'a password in an address',
    pattern: /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"'`]{0,100}:([^\s:@/"'`]{3,200})@[\w[]/g,
    holds: ([, password = '']) => notPlaceholder(password) && entropyOf(password) > PASSWORD_BITS,
  },
];

const SECRET_NAME =
  /(secret|passwd|password|passphrase|api[_-]?key|access[_-]?key|auth[_-]?token|token|credential|private[_-]?key|signing[_-]?key)s?$/i;
const HINT = /secret|passw|passphrase|key|token|credential/i;
const ASSIGNED =
  /(?<![\w.-])(["']?)([A-Za-z_][\w.-]{0,80})\1\s*(?:=>|[:=])\s*(?:(["'`])([^"'`\n]{10,})\3|([^\s"'`#,;(){}[\]]{10,}))/g;
const PASSWORD_BITS = 2.5;
const BITS_PER_CHARACTER = 3.4;

/** Shannon's, in bits for each character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Names of secrets that a line gives a value which nobody would make up. `bare`: a value may stand without quotes. */
export function assignedIn(line: string, bare: boolean): string[] {
  if (!HINT.test(line)) return [];
  return [...line.matchAll(ASSIGNED)].flatMap(([, , name = '', , quoted, unquoted]) => {
    const value = quoted ?? (bare ? unquoted : undefined);
    return value !== undefined && SECRET_NAME.test(name) && looksRandom(value) ? [name] : [];
  });
}

const looksRandom = (value: string): boolean =>
  !/\s/.test(value) &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  notPlaceholder(value) &&
  !/^[~./]|:\/\/|^(wal|prj|job|tok|key)_|^(process|os|env|settings|config)\./.test(value) &&
  entropyOf(value) >= BITS_PER_CHARACTER;
