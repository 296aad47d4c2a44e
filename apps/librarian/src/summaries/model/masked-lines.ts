// Lines of a project as a language model may see them: what is or may be a secret is taken out, and each line stays where it is. Files
// that are there for secrets are shown not at all, and their values nowhere.
import type { ProjectFile } from '@labmesh/projects';
import { linesWithSecrets } from '@labmesh/projects/summary';
import { redactSecrets, TAKEN_OUT } from '@labmesh/runtime';
import { withoutSecrets } from '../../errors/secrets.js';

const EXAMPLE = /example|sample|template/i;
const FOR_SECRETS =
  /(^|\/)(\.env(\.[^/]*)?|[^/]*\.(env|pem|key|p8|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|tfvars|tfstate)|id_(rsa|dsa|ecdsa|ed25519)|\.(npmrc|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg)|[^/]*(secret|credential|service[_-]?account)s?[^/]*\.(json|ya?ml|toml|ini|cfg|conf|properties|txt|csv)|credentials?|secrets?)$/i;
const FOLDER_FOR_SECRETS = /(^|\/)(\.ssh|\.aws|\.gnupg|\.kube|secrets?)\//i;

/** Whether a file is there for secrets: it is not read to a model. */
export const isForSecrets = (path: string): boolean =>
  FOLDER_FOR_SECRETS.test(path) || (FOR_SECRETS.test(path) && !EXAMPLE.test(path));

/** Longer lines were made by a program, and patterns of secrets are not tried on them. */
const LINE_MAX = 2_000;
const LONG = '[a long line]';
const VALUE = /^\s{0,20}(?:export\s{1,4})?["']?[\w.-]{1,100}["']?\s{0,4}[:=]\s{0,4}["']?([^\s"'#]{6,500})/gm;

/** More of them are data of a program. */
const VALUES_MAX = 2_000;

export class Masking {
  /** What stands in files for secrets, the longest first. */
  readonly #values: readonly string[];

  constructor(files: readonly ProjectFile[]) {
    const values = files
      .filter(({ path }) => isForSecrets(path))
      .flatMap(({ bytes }) => [...Buffer.from(bytes).toString('utf8').matchAll(VALUE)].map(([, value = '']) => value));
    this.#values = [...new Set(values)].sort((one, other) => other.length - one.length).slice(0, VALUES_MAX);
  }

  /** As many as there are, each in its place: the first of a file. */
  async lines(path: string, lines: readonly string[]): Promise<string[]> {
    const known = lines.map((line) => (line.length > LINE_MAX ? LONG : line));
    const leaks = await leaksIn(path, known.join('\n'));
    const whole = this.#withoutValues(withoutKeys(known).join('\n')).split('\n');
    return twoByTwo(whole).map((line, index) => (leaks.has(index + 1) ? TAKEN_OUT : line));
  }

  /** One line, of whatever; undefined for what is better not said at all, as it quotes a secret. */
  async text(
    text: string,
    quotes: readonly { readonly file: string; readonly text: string }[],
  ): Promise<string | undefined> {
    for (const quote of quotes)
      if (isForSecrets(quote.file) || (await leaksIn(quote.file, quote.text)).size > 0) return undefined;
    return withoutForms(this.#withoutValues(text.replace(/\s+/g, ' ')));
  }

  /** None of them goes over the end of a line. */
  #withoutValues(text: string): string {
    return this.#values.reduce((clean, value) => clean.replaceAll(value, TAKEN_OUT), text);
  }
}

async function leaksIn(path: string, text: string): Promise<ReadonlySet<number>> {
  const found = await linesWithSecrets([{ path, bytes: Buffer.from(text), executable: false }]);
  return found.get(path) ?? new Set();
}

/** A private key is taken out line by line, from its first to its last. */
function withoutKeys(lines: readonly string[]): string[] {
  let inside = false;
  return lines.map((line) => {
    const begins = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(line);
    const ends = /-----END [A-Z ]{0,40}PRIVATE KEY/.test(line);
    const masked = inside || begins;
    inside = masked && !ends;
    return masked ? TAKEN_OUT : line;
  });
}

const withoutForms = (line: string): string => redactSecrets(withoutSecrets(line, TAKEN_OUT));

/** A secret may be named in one line and given in the next: where two lines together lose more than each alone, both are taken out. */
function twoByTwo(lines: readonly string[]): string[] {
  const alone = lines.map((line) => redactSecrets(line));
  const over = lines.map((line, at) => {
    const next = lines[at + 1];
    return next !== undefined && redactSecrets(`${line}\n${next}`) !== `${alone[at]}\n${alone[at + 1]}`;
  });
  return lines.map((line, at) => (over[at] === true || over[at - 1] === true ? TAKEN_OUT : withoutForms(line)));
}
