// The house rules, checked. Each problem names its remedy.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { circlesOf, resolverOf } from './harness/import-graph.js';
import { isTest, linesMax, ourFiles } from './harness/our-files.js';

const ROOT = join(import.meta.dirname, '..');

const files = ourFiles();
const code = files.filter(
  (file) =>
    /^(apps|libs|test|bench|tools|container|prisma)\/.*\.(ts|tsx|mjs|js|css)$/.test(file) &&
    !file.includes('/test-data/'),
);
const typescript = code.filter((file) => /\.tsx?$/.test(file));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Ban {
  readonly pattern: RegExp;
  readonly allowed: RegExp;
  readonly remedy: string;
}

const NOWHERE = /^$/;
const BANNED: readonly Ban[] = [
  {
    pattern: /process\.env/,
    allowed: /(config\.ts|\.(spec|test)\.tsx?|^test\/.*|^libs\/testing\/.*|^bench\/.*)$/,
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
  {
    pattern: /performance\.now\(|process\.hrtime/,
    allowed: /^(?!.*\.spec\.tsx?$)(?!test\/(story|mesh|browser|harness)\/)/,
    remedy: 'count work instead of measuring time: docs/testing.md says how',
  },
  { pattern: /\b(it|describe|test)\.(only|skip)\(/, allowed: NOWHERE, remedy: 'run it, or delete it' },
];

const DATABASE_FILES =
  /(\.repository\.ts|\.spec\.ts|\.testing\.ts|^libs\/(db|runtime|agent|testing)\/.*|^apps\/lab\/.*|^bench\/.*|^(apps\/[a-z]+\/)?test\/.*|queue\/.*\.ts|\.module\.ts)$/;
const FORBIDDEN_NAMES = /(^|\/)(common|shared|utils?|helpers?|core|misc|manager|base)(\/|\.[a-z.]+$)/;
const FUNCTION_LINES_MAX = 70;

/** What a library may import from the others: one direction, each floor on those before it. */
const MECHANISMS = ['bus', 'db', 'blobs', 'search', 'transparency', 'anomaly', 'encoder'];
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  bus: ['contracts'],
  locks: [],
  db: ['contracts', 'locks'],
  blobs: ['contracts', 'db'],
  search: [],
  transparency: [],
  anomaly: ['contracts'],
  encoder: ['contracts'],
  traffic: ['contracts'],
  testing: [],
  runtime: ['contracts', ...MECHANISMS],
  identity: ['contracts', ...MECHANISMS, 'runtime'],
  endpoint: ['contracts', ...MECHANISMS, 'runtime', 'identity'],
  agent: ['contracts', ...MECHANISMS, 'runtime', 'identity', 'endpoint'],
  jobs: ['contracts', ...MECHANISMS, 'runtime'],
  projects: ['contracts', 'locks'],
};
/** Apps stand on all of them. Only the lab imports other apps. */
const FOR_APPS = [
  'contracts',
  'locks',
  ...MECHANISMS,
  'traffic',
  'runtime',
  'identity',
  'endpoint',
  'agent',
  'jobs',
  'projects',
];
const HOUSE = 'contracts <- bus <- runtime <- identity <- endpoint <- agent <- apps';

const workspaceOf = (file: string): { kind: string; name: string } | undefined => {
  const [kind, name] = file.split('/');
  return kind !== undefined && name !== undefined && (kind === 'apps' || kind === 'libs') ? { kind, name } : undefined;
};

/** Every module that a file imports or exports from, types and dynamic imports too. */
const importsOf = (file: string): string[] =>
  ts.preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => fileName);

/** Workspaces that a file imports from, its own too. */
const workspacesIn = (file: string): string[] =>
  importsOf(file).flatMap((name) => (name.startsWith('@labmesh/') ? [name.split('/')[1] ?? ''] : []));

function layerBreaks(file: string): string[] {
  const workspace = workspaceOf(file);
  if (workspace === undefined) return [];
  const allowed =
    workspace.kind === 'libs' ? (LAYERS[workspace.name] ?? []) : workspace.name === 'lab' ? undefined : FOR_APPS;
  return workspacesIn(file)
    .filter((name) => (name === 'testing' ? !isTest(file) : allowed !== undefined && !allowed.includes(name)))
    .map((name) => `${file} imports @labmesh/${name}: imports run ${HOUSE}, apps never import apps`);
}

function undeclared(file: string): string[] {
  const workspace = workspaceOf(file);
  // A project that is made of a vial has its own package.json.
  if (workspace === undefined || isTest(file) || file.startsWith('apps/architect/vials/')) return [];
  const manifest = JSON.parse(read(`${workspace.kind}/${workspace.name}/package.json`)) as {
    dependencies?: Record<string, string>;
  };
  const declared = Object.keys(manifest.dependencies ?? {});
  return importsOf(file)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => (name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? '')))
    .filter((name) => !declared.includes(name))
    .map((name) => `${file} imports ${name}: declare it in the workspace’s package.json`);
}

/** Names that a JavaScript file, which no compiler checks, takes out of a built one that its source does not export. */
function namesMissing(file: string, built: string): string[] {
  const source = join(ROOT, file, '..', built).replace('/dist/', '/src/').replace(/\.js$/, '.ts');
  const exported = readFileSync(source, 'utf8');
  const taken = new RegExp(`import \\{([^}]*)\\} from '${built}'`).exec(read(file))?.[1] ?? '';
  return taken
    .split(',')
    .map((name) => name.trim().replace(/ as .*/, ''))
    .filter((name) => name !== '' && !new RegExp(`export [^;]*\\b${name}\\b`).test(exported));
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
    const limit = linesMax(file);
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

it('no workspace builds what only tests use', () => {
  const manifests = files.filter((file) => /^(apps|libs)\/[a-z]+\/tsconfig\.json$/.test(file));
  const problems = manifests.filter((manifest) => {
    const folder = manifest.replace('tsconfig.json', 'src/');
    const { exclude = [] } = JSON.parse(read(manifest)) as { exclude?: string[] };
    return (
      typescript.some((file) => file.startsWith(folder) && file.endsWith('.testing.ts')) &&
      !exclude.includes('src/**/*.testing.ts')
    );
  });
  expect(problems.map((file) => `${file}: exclude src/**/*.testing.ts`)).toEqual([]);
});

it('a program of the tests takes only what is built from where it is', () => {
  const programs = files.filter((file) => /^(apps|libs)\/.*\.mjs$/.test(file));
  const problems = programs.flatMap((file) =>
    importsOf(file)
      .filter((name) => /^\..*\/dist\//.test(name))
      .flatMap((name) => namesMissing(file, name).map((missing) => `${file}: ${name} has no ${missing}`)),
  );
  expect(problems).toEqual([]);
});

it('no file imports itself by way of others', () => {
  const resolve = resolverOf(typescript);
  const graph = new Map(typescript.map((file) => [file, importsOf(file).flatMap((name) => resolve(file, name) ?? [])]));
  const remedy = 'move what they share into a third file, or turn one import round';
  expect(circlesOf(graph).map((files) => `${files.join(' <-> ')}: ${remedy}`)).toEqual([]);
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
