// npm: what is imported and not named, named and not used, there for development only, or named twice.
import { isTest } from '../project/code.js';
import type { Project, TextFile } from '../project/project.js';
import { isData } from '../project/settings-of.js';
import type { Found } from '../rule.js';
import { type Declared, type Manifest, npmManifests } from './declared.js';
import { type Import, importsOf } from './imports.js';
import { wordsOf } from './words.js';

/** The nearest package.json on the way up. */
function manifestFor(path: string, manifests: readonly Manifest[]): Manifest | undefined {
  return manifests
    .filter(({ file }) => path.startsWith(file.folder))
    .toSorted((one, other) => other.file.folder.length - one.file.folder.length)[0];
}

/** Files that are only there while somebody works on the project. */
const isForDevelopment = (path: string): boolean =>
  isTest(path) || /(^|\/)[^/]+\.config\.[cm]?[jt]s$|(^|\/)(scripts|tools|bench|e2e|test-data)\/|\.d\.ts$/.test(path);

/** Aliases of tsconfig: what `paths` resolves is no package. */
function aliases(project: Project): (specifier: string) => boolean {
  const prefixes = project.named(/(^|\/)tsconfig(\.[\w-]+)?\.json$/).flatMap(({ document }) => {
    const { compilerOptions } = (document?.value ?? {}) as { compilerOptions?: { paths?: object } };
    return Object.keys(compilerOptions?.paths ?? {}).map((name) => name.replace(/\/?\*$/, ''));
  });
  return (name) => prefixes.some((prefix) => prefix !== '' && (name === prefix || name.startsWith(`${prefix}/`)));
}

const hasTypesOf = (needs: readonly Declared[], name: string): boolean =>
  needs.some((need) => need.name === `@types/${name.replace(/^@/, '').replace('/', '__')}`);

function* imported(project: Project): Generator<{ one: Import; manifest: Manifest; need?: Declared }> {
  const manifests = npmManifests(project);
  const isAlias = aliases(project);
  const own = new Set(manifests.map(({ name }) => name));
  for (const one of importsOf(project, 'javascript')) {
    const manifest = manifestFor(one.path, manifests);
    if (manifest === undefined || isAlias(one.name) || own.has(one.name)) continue;
    const above = manifests.filter(({ file }) => one.path.startsWith(file.folder));
    const need =
      manifest.needs.find(({ name }) => name === one.name) ??
      above.flatMap(({ needs }) => needs).find(({ name }) => name === one.name);
    yield need ? { one, manifest, need } : { one, manifest };
  }
}

export function* missingNpm(project: Project): Generator<Found> {
  const told = new Set<string>();
  for (const { one, manifest, need } of imported(project)) {
    if (need !== undefined || told.has(one.name) || (one.optional && hasTypesOf(manifest.needs, one.name))) continue;
    told.add(one.name);
    yield {
      path: one.path,
      line: one.line,
      message: `${one.name} is imported, and ${manifest.file.path} does not name it.`,
      remedy: `npm install ${one.name}`,
    };
  }
}

export function* developmentNpm(project: Project): Generator<Found> {
  const told = new Set<string>();
  for (const { one, need } of imported(project)) {
    if (need?.development !== true || one.optional || isForDevelopment(one.path) || told.has(one.name)) continue;
    const runs = npmManifests(project).some(({ needs }) =>
      needs.some(({ name, development }) => name === one.name && !development),
    );
    if (runs) continue;
    told.add(one.name);
    yield {
      path: one.path,
      line: one.line,
      message: `${one.name} is needed where this runs, and only devDependencies name it.`,
      remedy: `npm install --save-prod ${one.name}`,
    };
  }
}

/** Needed by others of the same project without an import. */
const FOR_OTHERS: readonly [RegExp, RegExp][] = [
  [/^@nestjs\/platform-|^rxjs$|^reflect-metadata$|^class-(validator|transformer)$/, /^@nestjs\//],
  [/^react-dom$/, /^(react|next)$/],
  [/^(ts-node|tsx|typescript|tslib|@types\/.*)$/, /./],
];
/** Commands that are called otherwise than their package. */
const COMMANDS: Readonly<Record<string, string>> = {
  typescript: 'tsc',
  '@nestjs/cli': 'nest',
  '@biomejs/biome': 'biome',
  '@playwright/test': 'playwright',
  'npm-run-all': 'run-s',
};

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly peerDependencies?: object }>>;
}

/** What packages that are locked want beside them. */
function peers(project: Project): ReadonlySet<string> {
  const lists = project.named(/(^|\/)package-lock\.json$/).flatMap(({ document }) => {
    const { packages } = (document?.value ?? {}) as Lock;
    return Object.values(packages ?? {}).flatMap((one) => Object.keys(one?.peerDependencies ?? {}));
  });
  return new Set(lists);
}

/** Everything but manifests that may name a package without importing it: scripts, configuration, Dockerfiles. */
const mentionsIn = (project: Project): ReadonlySet<string> =>
  wordsOf(
    project.texts
      .filter(({ path }) => /\.(json|ya?ml|toml|sh|[cm]?js|html)$|rc$|(^|\/)(Dockerfile[^/]*|Makefile)$/.test(path))
      .filter((file) => !/(^|\/)package(-lock)?\.json$/.test(file.path) && !isData(file))
      .map(({ text }) => text),
  );
function restOf(manifest: TextFile): object {
  const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides'];
  return Object.fromEntries(Object.entries(manifest.document?.value ?? {}).filter(([key]) => !lists.includes(key)));
}

export function* unusedNpm(project: Project): Generator<Found> {
  const used = new Set(importsOf(project, 'javascript').map(({ name }) => name));
  const wanted = peers(project);
  if (used.size === 0) return;
  const mentioned = mentionsIn(project);
  for (const { file, needs } of npmManifests(project)) {
    const scripts = wordsOf([JSON.stringify(restOf(file))]);
    for (const { name, line } of needs) {
      const words = [name, COMMANDS[name] ?? name.split('/').at(-1) ?? name];
      const isMentioned = words.some((word) => [mentioned, scripts].some((set) => set.has(word.toLowerCase())));
      const others = needs.filter((need) => need.name !== name);
      const isForOthers = FOR_OTHERS.some(
        ([self, other]) => self.test(name) && others.some((need) => other.test(need.name)),
      );
      if (used.has(name) || wanted.has(name) || isMentioned || isForOthers) continue;
      yield {
        path: file.path,
        line,
        message: `Nothing imports or starts ${name}.`,
        remedy: `npm uninstall ${name}, unless another package needs it and does not say so.`,
      };
    }
  }
}

export function* twiceNpm(project: Project): Generator<Found> {
  for (const { needs } of npmManifests(project))
    for (const need of needs.filter(({ development }) => development)) {
      const other = needs.find(
        ({ name, development, file, line }) =>
          name === need.name && !development && file === need.file && line !== need.line,
      );
      const isPeer =
        other !== undefined && other.file.document?.lineOf(['peerDependencies', other.name]) === other.line;
      if (other !== undefined && !isPeer)
        yield {
          path: need.file.path,
          line: need.line,
          message: `${need.name} is named on line ${other.line} too, not only for development.`,
          remedy: 'Keep the one of dependencies.',
        };
    }
}
