// Which tests there are and how they are run, and under which licence the project says to be.
import { quoted, type Statement, statement } from '../statement.js';
import { valueAt } from './purpose.js';
import type { Seen } from './seen.js';

export function tests({ modules, project }: Seen): Statement[] {
  const files = modules
    .filter(({ facts, isTest }) => isTest && facts.tests.length > 0)
    .flatMap(({ file, facts, at }) => {
      const [first] = facts.tests;
      if (first === undefined) return [];
      const count = facts.tests.length;
      const text = `${file.path} has ${count} ${count === 1 ? 'test' : 'tests'}, the first is ${quoted(first.name, 80)}.`;
      return statement('tests', { subject: first.name, text }, at(first));
    });
  return [...howToRun(project), ...files];
}

function howToRun(project: Seen['project']): Statement[] {
  const node = project.at('package.json');
  const command = valueAt(node?.document?.value, ['scripts', 'test']);
  const python = project.at('pyproject.toml');
  const pytest = valueAt(python?.document?.value, ['tool', 'pytest']);
  const line = python?.lines.findIndex((row) => row.trim().startsWith('[tool.pytest')) ?? -1;
  return [
    ...(node !== undefined && typeof command === 'string'
      ? statement(
          'tests',
          { subject: '"test"', text: `npm test runs \`${quoted(command)}\`.` },
          { file: node, from: node.document?.lineOf(['scripts', 'test']) ?? 1 },
        )
      : []),
    ...(python !== undefined && pytest !== undefined && line >= 0
      ? statement('tests', { subject: 'tool.pytest', text: 'pytest runs them.' }, { file: python, from: line + 1 })
      : []),
  ];
}

const LICENCES: readonly (readonly [RegExp, string])[] = [
  [/Apache License/i, 'Apache License'],
  [/MIT License|Permission is hereby granted, free of charge/i, 'MIT License'],
  [/GNU AFFERO GENERAL PUBLIC LICENSE/i, 'GNU Affero General Public License'],
  [/GNU LESSER GENERAL PUBLIC LICENSE/i, 'GNU Lesser General Public License'],
  [/GNU GENERAL PUBLIC LICENSE/i, 'GNU General Public License'],
  [/Mozilla Public License/i, 'Mozilla Public License'],
  [/BSD \d-Clause|Redistribution and use in source and binary forms/i, 'BSD License'],
  [/ISC License/i, 'ISC License'],
  [/Creative Commons|CC0/i, 'Creative Commons'],
];

export function licences({ project }: Seen): Statement[] {
  const files = project.texts.filter(({ path }) => /^(licen[cs]e|copying)([.-][\w.-]+)?$/i.test(path));
  const inFiles = files.flatMap((file) =>
    LICENCES.flatMap(([pattern, name]) => {
      const at = file.lines.findIndex((line) => pattern.test(line));
      const subject = pattern.exec(file.lines[at] ?? '')?.[0];
      if (subject === undefined) return [];
      return statement('licences', { subject, text: `${file.path} is the ${name}.` }, { file, from: at + 1 });
    }).slice(0, 1),
  );
  const manifests: (readonly [string, readonly string[]])[] = [
    ['package.json', ['license']],
    ['pyproject.toml', ['project', 'license']],
    ['pyproject.toml', ['project', 'license', 'text']],
    ['pyproject.toml', ['tool', 'poetry', 'license']],
  ];
  const inManifests = manifests.flatMap(([path, steps]) => {
    const file = project.at(path);
    const value = valueAt(file?.document?.value, steps);
    if (file === undefined || typeof value !== 'string' || value === '') return [];
    return statement(
      'licences',
      { subject: value, text: `${path} says: ${quoted(value, 80)}.` },
      { file, from: file.document?.lineOf(steps) ?? 1 },
    );
  });
  return [...inFiles, ...inManifests];
}
