// What a project is for, in its own words: its manifest, its README, the text that its packages begin with.
import { firstSentenceOf } from '../code/code-facts.js';
import { quoted, type Statement, statement } from '../statement.js';
import type { Seen } from './seen.js';

const README = /^readme(\.(md|rst|txt))?$/i;

export function purpose({ project, modules }: Seen): Statement[] {
  return [...inManifests(project), ...inReadme(project), ...inCode(modules)];
}

function inManifests(project: Seen['project']): Statement[] {
  const places = [
    { file: project.at('package.json'), path: ['description'] },
    { file: project.at('pyproject.toml'), path: ['project', 'description'] },
    { file: project.at('pyproject.toml'), path: ['tool', 'poetry', 'description'] },
  ];
  return places.flatMap(({ file, path }) => {
    const value = valueAt(file?.document?.value, path);
    const line = file?.document?.lineOf(path);
    if (file === undefined || line === undefined || typeof value !== 'string' || value === '') return [];
    return statement(
      'purpose',
      { subject: value, text: `${file.path} says: “${quoted(value)}”` },
      { file, from: line },
    );
  });
}

export const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inside, step) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, step)
        ? (inside as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );

/** The title, and the first sentence of prose below it. */
function inReadme(project: Seen['project']): Statement[] {
  const file = project.texts.find(({ path }) => README.test(path));
  if (file === undefined) return [];
  const title = file.lines.findIndex((line) => /^#\s+\S/.test(line));
  const isProse = (line: string): boolean =>
    /^\s*[\p{L}"“*_`(\d]/u.test(line) && !/^\s*(```|\||!\[|\[!\[|[-*]\s)/.test(line);
  let fenced = false;
  const start = file.lines.findIndex((line, at) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    return !fenced && at > title && isProse(line);
  });
  if (start < 0) return [];
  const length = file.lines.slice(start).findIndex((line) => line.trim() === '' || /^(#|```)/.test(line));
  const rows = file.lines.slice(start, length < 0 ? undefined : start + length);
  const sentence = firstSentenceOf(rows.join(' '));
  const subject = (rows[0] ?? '').startsWith(sentence) ? sentence : (rows[0] ?? '').trim();
  const named = title < 0 ? '' : ` (${quoted((file.lines[title] ?? '').replace(/^#\s+/, ''), 80)})`;
  return statement(
    'purpose',
    { subject, text: `${file.path}${named}: “${quoted(sentence)}”` },
    { file, from: start + 1, to: start + rows.length },
  );
}

/** Of packages and entries, where nothing else says it. */
function inCode(modules: Seen['modules']): Statement[] {
  const telling = modules.filter(
    ({ file, isTest }) => !isTest && /(^|\/)(__init__|__main__|main|index|app|server|cli)\.[a-z]+$/.test(file.path),
  );
  return telling.slice(0, 8).flatMap(({ file, facts, at }) => {
    if (facts.doc === undefined) return [];
    const place = at(facts.doc);
    const subject = firstWords(facts.doc.name);
    return statement('purpose', { subject, text: `${file.path} begins: “${quoted(facts.doc.name)}”` }, place);
  });
}

/** As many as stand on one line of the text for sure. */
export const firstWords = (sentence: string): string => sentence.split(/\s+/).slice(0, 3).join(' ');
