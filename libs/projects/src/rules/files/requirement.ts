// One requirement of Python (PEP 508): name, extras, versions. Reads; installs nothing and asks no index.
import { validRange } from '@renovatebot/pep440';
import type { TextFile } from '../project/project.js';

export interface Requirement {
  /** As PyPI compares names: lower-case, dashes. */
  readonly name: string;
  readonly written: string;
  /** `>=2,<3`; empty for any. */
  readonly versions: string;
  /** Set for `name @ https://…`, or a path. */
  readonly url?: string;
}

const FORM =
  /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[\w\s.,-]*\])?\s*(?:@\s*(\S+)|\(?([^;()]*)\)?)\s*(?:;(.*))?$/;
const CLAUSE = /^(===|==|~=|!=|<=|>=|<|>)\s*\S+$/;

export const distributionName = (text: string): string => text.toLowerCase().replace(/[-_.]+/g, '-');

/** Undefined when it is none. */
export function readRequirement(text: string): Requirement | undefined {
  const plain = text.replace(/\s--(hash|global-option|config-settings)[= ].*$/, '').trim();
  if (/^(git\+|https?:|file:|\.{1,2}\/|\/)/.test(plain)) {
    const [, egg] = /[#&]egg=([\w.-]+)/.exec(plain) ?? [];
    return { name: distributionName(egg ?? plain), written: egg ?? plain, versions: '', url: plain };
  }
  const [, written, url, raw = ''] = FORM.exec(plain) ?? [];
  if (written === undefined) return undefined;
  const versions = raw.trim().replace(/,\s*$/, '');
  const clauses = versions === '' ? [] : versions.split(',').map((clause) => clause.trim());
  if (!clauses.every((clause) => CLAUSE.test(clause) && (clause.startsWith('===') || validRange(clause))))
    return undefined;
  const found = { name: distributionName(written), written, versions: clauses.join(',') };
  return url === undefined ? found : { ...found, url };
}

/** Lines of a requirements file without comments, those that go on joined. */
export function requirementLines(file: TextFile): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  let begun: { text: string; line: number } | undefined;
  for (const [index, row] of file.lines.entries()) {
    const text = row.replace(/(^|\s)#.*$/, '').trim();
    const whole: { text: string; line: number } = begun
      ? { text: `${begun.text} ${text}`, line: begun.line }
      : { text, line: index + 1 };
    if (whole.text.endsWith('\\')) {
      begun = { text: whole.text.slice(0, -1).trim(), line: whole.line };
      continue;
    }
    begun = undefined;
    if (whole.text.trim() !== '') found.push({ text: whole.text.trim(), line: whole.line });
  }
  return found;
}
