// The house rules, checked. Each problem names its remedy.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Tracked files, and new ones that git does not ignore. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 1e8,
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const code = files.filter(
  (file) =>
    /^(apps|libs|test|bench|tools|prisma)\/.*\.(ts|tsx|mjs|js|css)$/.test(file) && !file.includes('/test-data/'),
);
const typescript = code.filter((file) => /\.tsx?$/.test(file));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const isTest = (file: string): boolean => /(\.(spec|testing)\.tsx?$|(^|\/)test\/|\.config\.ts$)/.test(file);

interface Ban {
  readonly pattern: RegExp;
  readonly allowed: RegExp;
  readonly remedy: string;
}

const NOWHERE = /^$/;
const BANNED: readonly Ban[] = [
  {
    pattern: /process\.env/,
    allowed: /(config\.ts|\.spec\.tsx?|^test\/.*|^libs\/testing\/.*|^bench\/.*)$/,
    remedy: 'read settings in config.ts',
  },
  { pattern: /forwardRef\(/, allowed: NOWHERE, remedy: 'break the cycle: a third thing is missing' },
  { pattern: /^export default/m, allowed: /\.config\.(ts|mjs)$/, remedy: 'use a named export' },
  { pattern: /Scope\.REQUEST/, allowed: NOWHERE, remedy: 'pass the call as an argument' },
  {
    pattern: /@ts-ignore|@ts-nocheck/,
    allowed: NOWHERE,
    remedy: 'fix the type, or use @ts-expect-error with a reason',
  },
  { pattern: /\b(it|describe|test)\.(only|skip)\(/, allowed: NOWHERE, remedy: 'run it, or delete it' },
];

const DATABASE_FILES =
  /(\.repository\.ts|\.spec\.ts|\.testing\.ts|^libs\/(db|agent|testing)\/.*|^apps\/lab\/.*|^bench\/.*|^(apps\/[a-z]+\/)?test\/.*|queue\/.*\.ts|\.module\.ts)$/;
const FORBIDDEN_NAMES = /(^|\/)(common|shared|utils?|helpers?|core|misc|manager|base)(\/|\.[a-z.]+$)/;
const LINES_MAX = 400;
const TEST_LINES_MAX = 600;
const FUNCTION_LINES_MAX = 70;

/** What a workspace may import from the others. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  bus: ['contracts'],
  db: ['contracts'],
  search: [],
  transparency: [],
  anomaly: ['contracts'],
  traffic: ['contracts'],
  agent: ['contracts', 'bus', 'db', 'search', 'transparency', 'anomaly'],
  testing: ['contracts'],
};

const workspaceOf = (file: string): { kind: string; name: string } | undefined => {
  const [kind, name] = file.split('/');
  return kind !== undefined && name !== undefined && (kind === 'apps' || kind === 'libs') ? { kind, name } : undefined;
};

const importsOf = (text: string): string[] =>
  [...text.matchAll(/from '(@labmesh\/[a-z]+)'/g)].map(([, name]) => name?.slice('@labmesh/'.length) ?? '');

function layerBreaks(file: string): string[] {
  const workspace = workspaceOf(file);
  if (workspace === undefined) return [];
  const allowed =
    workspace.kind === 'libs'
      ? (LAYERS[workspace.name] ?? [])
      : workspace.name === 'lab'
        ? undefined
        : ['contracts', 'bus', 'db', 'search', 'transparency', 'agent', 'anomaly', 'traffic'];
  return importsOf(read(file))
    .filter((name) => name !== workspace.name)
    .filter((name) => (name === 'testing' ? !isTest(file) : allowed !== undefined && !allowed.includes(name)))
    .map(
      (name) =>
        `${file} imports @labmesh/${name}: imports run contracts <- bus <- agent <- apps, apps never import apps`,
    );
}

function undeclared(file: string): string[] {
  const workspace = workspaceOf(file);
  if (workspace === undefined || isTest(file)) return [];
  const manifest = JSON.parse(read(`${workspace.kind}/${workspace.name}/package.json`)) as {
    dependencies?: Record<string, string>;
  };
  const declared = Object.keys(manifest.dependencies ?? {});
  return [...read(file).matchAll(/^(?:import|export)[^'"\n]*?from '([^'.][^']*)'/gm)]
    .map(([, name = '']) => (name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? '')))
    .filter((name) => !name.startsWith('node:') && !declared.includes(name))
    .map((name) => `${file} imports ${name}: declare it in the workspace’s package.json`);
}

function longFunctions(file: string): string[] {
  const lines = read(file).split('\n');
  const problems: string[] = [];
  for (const [start, line] of lines.entries()) {
    const opener =
      /^(\s*)(?:export )?(?:async )?(?:function|(?:static |private |readonly |async |override )*[#\w]+\(|const \w+ = (?:async )?\([^)]*\)[^=]*=>).*\{$/.exec(
        line,
      );
    if (opener === null || /^\s*(if|for|while|switch|describe|it)\b/.test(line)) continue;
    const indent = opener[1] ?? '';
    const end = lines.findIndex((candidate, index) => index > start && candidate.startsWith(`${indent}}`));
    if (end - start + 1 > FUNCTION_LINES_MAX)
      problems.push(
        `${file}:${start + 1} is a function of ${end - start + 1} lines: split it (at most ${FUNCTION_LINES_MAX})`,
      );
  }
  return problems;
}

it('sources keep the house rules', () => {
  const problems: string[] = [];
  for (const file of code) {
    const text = read(file);
    const limit = isTest(file) ? TEST_LINES_MAX : LINES_MAX;
    const length = text.split('\n').length;
    if (length > limit) problems.push(`${file} has ${length} lines: split it by concept (at most ${limit})`);
    if (!/^(#!.*\n)?\s*(\/\/|\/\*)/.test(text))
      problems.push(`${file} must open with a comment: what it is for, what it must never do`);
    if (FORBIDDEN_NAMES.test(file)) problems.push(`${file}: name the file or folder by its concept`);
    if (!/^[a-z0-9.-]+$/.test(basename(file))) problems.push(`${file}: file names are kebab-case`);
    if (!isTest(file)) problems.push(...longFunctions(file));
  }
  expect(problems).toEqual([]);
});

it('nothing banned is used', () => {
  const problems = typescript
    .filter((file) => file !== 'test/tidy.spec.ts')
    .flatMap((file) =>
      BANNED.filter(({ pattern, allowed }) => !allowed.test(file) && pattern.test(read(file))).map(
        ({ pattern, remedy }) => `${file} has ${pattern.source}: ${remedy}`,
      ),
    );
  expect(problems).toEqual([]);
});

it('imports run one way, and are declared', () => {
  expect(typescript.flatMap((file) => [...layerBreaks(file), ...undeclared(file)])).toEqual([]);
});

it('only repositories and composition touch the database', () => {
  const problems = typescript.filter(
    (file) => /from '(@labmesh\/db|pg|@prisma\/client)'/.test(read(file)) && !DATABASE_FILES.test(file),
  );
  // `type` imports of Database in modules' doors are composition; everything else asks a repository.
  expect(problems.filter((file) => !/^apps\/[a-z]+\/src\/main\.ts$/.test(file))).toEqual([]);
});

it('an index.ts is a package’s door and nothing else', () => {
  expect(
    typescript.filter((file) => basename(file) === 'index.ts' && !/^(apps|libs)\/[a-z]+\/src\/index\.ts$/.test(file)),
  ).toEqual([]);
});

it('every line of the lock file and the code names no registry host', () => {
  const lock = read('package-lock.json');
  expect(lock.match(/"resolved": "https?:\/\/[^"]+"/g) ?? []).toEqual([]);
});
