// Where a project begins and how it is started: manifests, container files, make, and the commands of its README.
import type { TextFile } from '../../rules/project/project.js';
import { quoted, type Statement, statement } from '../statement.js';
import { valueAt } from './purpose.js';
import type { Seen } from './seen.js';

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textsOf = (value: unknown): [string, string][] =>
  isTable(value) ? Object.entries(value).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])) : [];
const tableAt = (file: TextFile | undefined, path: readonly string[]): unknown => valueAt(file?.document?.value, path);
const lineOf = (file: TextFile, path: readonly (string | number)[]): number => file.document?.lineOf(path) ?? 1;

export function entryPoints(seen: Seen): Statement[] {
  return [...ofNode(seen), ...ofPython(seen), ...startedAsPrograms(seen), ...ofContainers(seen), ...notebooks(seen)];
}

function ofNode({ project }: Seen): Statement[] {
  const file = project.at('package.json');
  if (file === undefined) return [];
  const said = (subject: string, text: string, path: readonly string[]): Statement[] =>
    statement('entry_points', { subject, text }, { file, from: lineOf(file, path) });
  const main = tableAt(file, ['main']);
  const bin = tableAt(file, ['bin']);
  const start = tableAt(file, ['scripts', 'start']);
  return [
    ...(typeof main === 'string' ? said(main, `The package’s main module is ${main}.`, ['main']) : []),
    ...(typeof bin === 'string' ? said(bin, `The package’s command is ${bin}.`, ['bin']) : []),
    ...textsOf(bin).flatMap(([name, path]) => said(path, `The command ${name} is ${path}.`, ['bin', name])),
    ...(typeof start === 'string' ? said(start, `npm start runs \`${quoted(start)}\`.`, ['scripts', 'start']) : []),
  ];
}

function ofPython({ project }: Seen): Statement[] {
  const file = project.at('pyproject.toml');
  if (file === undefined) return [];
  const tables = [
    ['project', 'scripts'],
    ['project', 'gui-scripts'],
    ['tool', 'poetry', 'scripts'],
  ];
  return tables.flatMap((path) =>
    textsOf(tableAt(file, path)).flatMap(([name, target]) =>
      statement(
        'entry_points',
        { subject: target, text: `The command ${name} is ${target}.` },
        { file, from: lineOf(file, [...path, name]) },
      ),
    ),
  );
}

function startedAsPrograms({ modules, project }: Seen): Statement[] {
  const mains = modules
    .filter(({ facts, isTest }) => facts.main !== undefined && !isTest)
    .flatMap(({ file, facts, at }) => {
      const { from } = at(facts.main ?? { from: 0, to: 0 });
      return statement(
        'entry_points',
        { subject: '__main__', text: `${file.path} runs as a program.` },
        { file, from, to: from + 1 },
      );
    });
  const packages = modules
    .filter(({ file, isTest }) => /(^|\/)__main__\.py$/.test(file.path) && !isTest)
    .flatMap(({ file }) => {
      const name = file.folder
        .replace(/^src\//, '')
        .replace(/\/$/, '')
        .replaceAll('/', '.');
      const subject = file.lines.find((line) => line.trim() !== '') ?? '';
      const from = file.lines.indexOf(subject) + 1;
      return statement('entry_points', { subject, text: `python -m ${name} runs ${file.path}.` }, { file, from });
    });
  const scripts = project.files
    .filter(
      ({ path, executable }) => executable && !modules.some(({ file, facts }) => file.path === path && facts.main),
    )
    .flatMap(({ path }) => {
      const file = project.at(path);
      const shebang = /^#!.*/.exec(file?.lines[0] ?? '')?.[0];
      if (file === undefined || shebang === undefined) return [];
      return statement('entry_points', { subject: shebang, text: `${path} is executable.` }, { file, from: 1 });
    });
  return [...mains, ...packages, ...scripts];
}

const CONTAINER = /(^|\/)(Dockerfile|Containerfile)(\.[\w-]+)?$/;
const COMPOSE = /(^|\/)(docker-)?compose(\.[\w-]+)?\.ya?ml$/;

function ofContainers({ project }: Seen): Statement[] {
  return project.named(CONTAINER).flatMap((file) =>
    file.lines.flatMap((line, at) => {
      const [, instruction, command] = /^\s*(ENTRYPOINT|CMD)\s(.+)$/i.exec(line.trim()) ?? [];
      if (instruction === undefined || command === undefined) return [];
      const text = `A container of ${file.path} runs \`${quoted(command)}\`.`;
      return statement('entry_points', { subject: command.trim(), text }, { file, from: at + 1 });
    }),
  );
}

function notebooks({ modules }: Seen): Statement[] {
  return modules
    .filter(({ isNotebook, isTest }) => isNotebook && !isTest)
    .flatMap(({ file }) => {
      const at = file.lines.findIndex((line) => /#\s+[^"\\]+/.test(line));
      const title = /#\s+([^"\\]+)/.exec(file.lines[at] ?? '')?.[1]?.trim() ?? '';
      const text = `The notebook ${file.path}: “${quoted(title)}”`;
      return title === '' ? [] : statement('entry_points', { subject: title, text }, { file, from: at + 1 });
    });
}

export function run(seen: Seen): Statement[] {
  const { project } = seen;
  return [
    ...needed(project),
    ...scripts(project.at('package.json')),
    ...project.named(/(^|\/)GNUmakefile$|(^|\/)[Mm]akefile$/).flatMap(targets),
    ...project.named(CONTAINER).flatMap(images),
    ...project.named(COMPOSE).flatMap(services),
    ...project.texts.filter(({ path }) => /^readme\.md$/i.test(path)).flatMap(commands),
  ];
}

function needed(project: Seen['project']): Statement[] {
  const places: (readonly [string, readonly string[], string])[] = [
    ['package.json', ['engines', 'node'], 'Node'],
    ['pyproject.toml', ['project', 'requires-python'], 'Python'],
    ['pyproject.toml', ['tool', 'poetry', 'dependencies', 'python'], 'Python'],
  ];
  return places.flatMap(([path, steps, what]) => {
    const file = project.at(path);
    const value = tableAt(file, steps);
    if (file === undefined || typeof value !== 'string') return [];
    return statement(
      'run',
      { subject: value, text: `It needs ${what} ${value}.` },
      { file, from: lineOf(file, steps) },
    );
  });
}

function scripts(file: TextFile | undefined): Statement[] {
  if (file === undefined) return [];
  return textsOf(tableAt(file, ['scripts'])).flatMap(([name, command]) => {
    const text = `npm ${name === 'start' || name === 'test' ? '' : 'run '}${name} runs \`${quoted(command)}\`.`;
    const subject = `"${name}"`;
    return statement('run', { subject, text }, { file, from: lineOf(file, ['scripts', name]) });
  });
}

function targets(file: TextFile): Statement[] {
  return file.lines.flatMap((line, at) => {
    const [, target, comment] = /^([A-Za-z][\w.-]*)\s*:(?![=:])[^#]*(?:##\s*(.*))?$/.exec(line) ?? [];
    if (target === undefined) return [];
    const text = `make ${target}${comment === undefined ? '' : `: ${quoted(comment)}`} (${file.path})`;
    return statement('run', { subject: target, text }, { file, from: at + 1 });
  });
}

function images(file: TextFile): Statement[] {
  const at = file.lines.findLastIndex((line) => /^\s*FROM\s+\S/i.test(line));
  const image = /^\s*FROM\s+(?:--\S+\s+)*(\S+)/i.exec(file.lines[at] ?? '')?.[1];
  if (image === undefined) return [];
  const text = `docker build -f ${file.path} . makes an image of ${image}.`;
  return statement('run', { subject: image, text }, { file, from: at + 1 });
}

function services(file: TextFile): Statement[] {
  const found = tableAt(file, ['services']);
  if (!isTable(found)) return [];
  return Object.keys(found).flatMap((name) =>
    statement(
      'run',
      { subject: name, text: `docker compose -f ${file.path} up ${name} starts this service.` },
      { file, from: lineOf(file, ['services', name]) },
    ),
  );
}

const SHELL = /^(```+|~~~+)\s*(sh|bash|shell|console|zsh)?$/;
const COMMAND =
  /^\s*(?:\$\s+)?((?:sudo\s+)?(?:[\w.-]*\/)*(?:npm|npx|node|yarn|pnpm|python3?|pip3?|uv|poetry|jupyter|docker|podman|make|cargo|go|java|mvn|gradle|bash|sh|pytest|uvicorn|flask|deno|bun|labmesh|git|cp)\s+\S.*)$/;

/** What stands in its blocks for the shell. */
function commands(file: TextFile): Statement[] {
  let fence: string | undefined;
  let heading = '';
  return file.lines.flatMap((line, at) => {
    const fenced = line.trim();
    const [, opening] = SHELL.exec(fenced) ?? /^(```+|~~~+)/.exec(fenced) ?? [];
    if (opening !== undefined) {
      fence = fence === undefined ? (SHELL.test(fenced) ? 'shell' : 'other') : undefined;
      return [];
    }
    if (fence === undefined) heading = /^#+\s+(.+)$/.exec(line)?.[1] ?? heading;
    const command = fence === 'shell' ? COMMAND.exec(line)?.[1]?.trim() : undefined;
    if (command === undefined) return [];
    const text = `\`${quoted(command)}\`${heading === '' ? '' : ` (${file.path}, “${quoted(heading, 60)}”)`}`;
    return statement('run', { subject: command, text }, { file, from: at + 1 });
  });
}
