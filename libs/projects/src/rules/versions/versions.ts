// Versions: left open, impossible, against each other, against what the lab runs on.
import semver from 'semver';
import { type Declared, npmManifests, pythonNeeds } from '../dependencies/declared.js';
import { composeServices } from '../files/compose.js';
import { baseImages, isDockerfile } from '../files/dockerfile.js';
import { readRequirement, requirementLines } from '../files/requirement.js';
import { readToml } from '../project/document.js';
import type { Project } from '../project/project.js';
import { withDefaults } from '../project/settings-of.js';
import type { Found, Rule } from '../rule.js';
import { isNpmRange, npmRangeHolds, pythonRangeHolds } from './ranges.js';

const family = 'Versions';

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly version?: string }>>;
}

/** What package-lock.json beside a package.json has. */
function lockedNpm(project: Project, { file, name }: Declared): string | undefined {
  const { packages } = (project.at(`${file.folder}package-lock.json`)?.document?.value ?? {}) as Lock;
  return packages?.[`node_modules/${name}`]?.version;
}

/** What uv.lock, poetry.lock or requirements.lock beside the list has. */
function lockedPython(project: Project, { file, name }: Declared): string | undefined {
  const list = project.at(`${file.folder}requirements.lock`);
  const listed = list ? requirementLines(list).map(({ text }) => readRequirement(text)) : [];
  const pinned = listed.find((one) => one?.name === name && /^==[^*]+$/.test(one.versions));
  if (pinned !== undefined) return pinned.versions.slice(2);
  for (const lock of ['uv.lock', 'poetry.lock']) {
    const { package: packages } = (readLock(project, `${file.folder}${lock}`) ?? {}) as {
      package?: { name: string; version: string }[];
    };
    const entry = packages?.find((one) => one.name === name);
    if (entry !== undefined) return entry.version;
  }
  return undefined;
}
const readLock = (project: Project, path: string): unknown => {
  const text = project.at(path)?.text;
  return text === undefined ? undefined : readToml(text).value;
};

const ANY = /^(\*|x|latest|next|)$/i;
const GIT_WITHOUT_COMMIT = /^(git\+|git:|github:)(?!.*(#|@)[0-9a-f]{7,40}\b)/;

function openFinding(need: Declared, locked: string | undefined, form: (version: string) => [string, string]): Found {
  const found: Found = {
    path: need.file.path,
    line: need.line,
    message: `${need.written} may be any version: tomorrow another one is installed than today.`,
    remedy:
      locked === undefined ? 'Name the version that it was tried with.' : `Write ${locked}, which the lock file has.`,
  };
  if (locked === undefined) return found;
  return {
    ...found,
    mend: (draft) => {
      const rows = draft.textOf(need.file.path).split('\n');
      const [from, to] = form(locked);
      rows[need.line - 1] = (rows[need.line - 1] ?? '').replace(from, () => to);
      draft.write(need.file.path, rows.join('\n'));
    },
  };
}

const unpinned: Rule = {
  id: 'version-unpinned',
  family,
  severity: 'warning',
  title: 'A package may be any version',
  fix: 'writes the version of the lock file, where there is one',
  *look(project) {
    const manifests = npmManifests(project);
    // Packages of one repository are of one version whatever is written.
    const own = new Set(manifests.map(({ name }) => name));
    for (const need of manifests.flatMap(({ needs }) => needs).filter(({ name }) => !own.has(name)))
      if (ANY.test(need.range) || GIT_WITHOUT_COMMIT.test(need.range))
        yield openFinding(need, lockedNpm(project, need), (version) => [
          `"${need.name}": "${need.range}"`,
          `"${need.name}": "^${version}"`,
        ]);
    for (const need of pythonNeeds(project).listed)
      if (need.range === '' || GIT_WITHOUT_COMMIT.test(need.range))
        yield openFinding(need, lockedPython(project, need), (version) => [
          need.written,
          `${need.written}==${version}`,
        ]);
  },
};

const impossible: Rule = {
  id: 'version-impossible',
  family,
  severity: 'error',
  title: 'No version can be in a range',
  *look(project) {
    const npm = npmManifests(project)
      .flatMap(({ needs }) => needs)
      .filter(({ range }) => isNpmRange(range) && !npmRangeHolds(range));
    const python = pythonNeeds(project).listed.filter(({ range }) => !/[:/]/.test(range) && !pythonRangeHolds(range));
    for (const { file, line, written, range } of [...npm, ...python])
      yield {
        path: file.path,
        line,
        message: `No version of ${written} can be ${range}.`,
        remedy: 'Correct one of the bounds.',
      };
  },
};

const lockDisagrees: Rule = {
  id: 'lock-disagrees',
  family,
  severity: 'error',
  title: 'The lock file has another version than package.json asks for',
  *look(project) {
    for (const need of npmManifests(project).flatMap(({ needs }) => needs)) {
      const locked = lockedNpm(project, need);
      if (locked === undefined || !isNpmRange(need.range) || !npmRangeHolds(need.range)) continue;
      if (!semver.satisfies(locked, need.range, { includePrerelease: true }))
        yield {
          path: need.file.path,
          line: need.line,
          message: `${need.name} is to be ${need.range}, and package-lock.json has ${locked}: npm ci refuses that.`,
          remedy: 'npm install, and commit package-lock.json.',
        };
    }
  },
};

/** No tag, or one that moves with every release. */
const moves = (image: string): boolean => {
  if (image.includes('@sha256:') || /[${}<>]|^localhost\//.test(image)) return false;
  const [, tag] = /:([^/:]+)$/.exec(image) ?? [];
  return tag === undefined || tag === 'latest';
};

const imageUnpinned: Rule = {
  id: 'image-unpinned',
  family,
  severity: 'warning',
  title: 'An image without a tag, or latest',
  *look(project) {
    const remedy = 'Name the tag that it was tried with, such as :3.12-slim, or a digest.';
    for (const file of project.texts.filter(({ path }) => isDockerfile(path)))
      for (const { image, line } of baseImages(file))
        if (moves(image))
          yield { path: file.path, line, message: `${image} is another image with every release.`, remedy };
    for (const { file, value, path } of composeServices(project)) {
      const image = typeof value.image === 'string' && !('build' in value) ? withDefaults(value.image) : undefined;
      const line = file.document?.lineOf([...path, 'image']) ?? 1;
      if (image !== undefined && moves(image))
        yield { path: file.path, line, message: `${image} is another image with every release.`, remedy };
    }
  },
};

export const versionRules: readonly Rule[] = [unpinned, impossible, lockDisagrees, imageUnpinned];
