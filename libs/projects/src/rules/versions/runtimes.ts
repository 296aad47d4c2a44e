// Node and Python: what a project asks for, what its images have, and what a lab runs on.
import semver from 'semver';
import { baseImages, isDockerfile } from '../files/dockerfile.js';
import type { Project, TextFile } from '../project/project.js';
import type { Found, Rule } from '../rule.js';
import { nodeSeriesIn, pythonRangeHolds, pythonSeriesIn } from './ranges.js';

/** What LabMesh and its command need. */
const NODE_OF_LAB = '>=20.19.0';

interface Wanted {
  readonly file: TextFile;
  readonly line: number;
  readonly range: string;
}

function wantedNode(project: Project): Wanted[] {
  return project.named(/(^|\/)package\.json$/).flatMap((file) => {
    const { engines } = (file.document?.value ?? {}) as { engines?: { node?: unknown } };
    const range = engines?.node;
    return typeof range === 'string' ? [{ file, line: file.document?.lineOf(['engines', 'node']) ?? 1, range }] : [];
  });
}

function wantedPython(project: Project): Wanted[] {
  return project.named(/(^|\/)pyproject\.toml$/).flatMap((file) => {
    const { project: table } = (file.document?.value ?? {}) as { project?: Readonly<Record<string, unknown>> };
    const range = table?.['requires-python'];
    return typeof range === 'string'
      ? [{ file, line: file.document?.lineOf(['project', 'requires-python']) ?? 1, range }]
      : [];
  });
}

function* nodeAgainstLab(project: Project): Generator<Found> {
  for (const { file, line, range } of wantedNode(project)) {
    const remedy = `Write ${NODE_OF_LAB.replace('.0', '')}, or newer.`;
    if (semver.validRange(range) === null)
      yield { path: file.path, line, message: `engines.node: ${range} is no range of versions.`, remedy };
    else if (!semver.intersects(range, NODE_OF_LAB))
      yield { path: file.path, line, message: `engines.node is ${range}; LabMesh runs on ${NODE_OF_LAB}.`, remedy };
  }
}

function* pythonItself(project: Project): Generator<Found> {
  for (const { file, line, range } of wantedPython(project)) {
    const remedy = 'Write it such as >=3.11,<3.15.';
    let holds = false;
    try {
      holds = pythonRangeHolds(range.replace(/\s/g, ''));
    } catch {
      // Not a range at all: said below.
    }
    if (!holds) yield { path: file.path, line, message: `requires-python: no Python can be ${range}.`, remedy };
  }
}

/** An image beside the manifest, or below it, that is of a series the manifest rules out. */
function* images(project: Project): Generator<Found> {
  const kinds = [
    { name: 'node', wanted: wantedNode(project), fits: nodeSeriesIn, said: 'engines.node' },
    { name: 'python', wanted: wantedPython(project), fits: pythonSeriesIn, said: 'requires-python' },
  ];
  for (const file of project.texts.filter(({ path }) => isDockerfile(path)))
    for (const { image, line } of baseImages(file)) {
      const [, name, series = ''] = /(?:^|\/)(node|python):(\d+(?:\.\d+){0,2})(?:[-@].*)?$/.exec(image) ?? [];
      const kind = kinds.find((one) => one.name === name);
      for (const want of kind?.wanted ?? [])
        if (file.path.startsWith(want.file.folder) && !fits(kind?.fits, series, want.range))
          yield {
            path: file.path,
            line,
            message: `${image} is not ${want.range}, as ${kind?.said} in ${want.file.path} asks.`,
            remedy: 'Take an image of a version that fits, or correct the range.',
          };
    }
}
/** What cannot be compared is another rule's. */
function fits(compare: typeof nodeSeriesIn | undefined, series: string, range: string): boolean {
  try {
    return compare?.(series, range) ?? true;
  } catch {
    return true;
  }
}

const mismatch: Rule = {
  id: 'runtime-mismatch',
  family: 'Versions',
  severity: 'error',
  title: 'Node or Python: the range is none, excludes what LabMesh runs on, or excludes the image',
  look: (project) => [...nodeAgainstLab(project), ...pythonItself(project), ...images(project)],
};

export const runtimeRules: readonly Rule[] = [mismatch];
