// Where a project names ports: compose files, environment, Dockerfiles, configuration and command lines.
import { composeServices, portsOf } from '../files/compose.js';
import { instructionsOf, isDockerfile } from '../files/dockerfile.js';
import type { Project } from '../project/project.js';
import { isEnvironment, settingsOf } from '../project/settings-of.js';

export interface PortPlace {
  readonly path: string;
  readonly line: number;
  readonly port: number;
  /** `host`: opened on this machine; `setting`: told to a program; `container`: inside of one. */
  readonly kind: 'host' | 'setting' | 'container';
  /** The service of a compose file, the variable, the key. */
  readonly owner: string;
  /** Of a host's port: what it listens on. */
  readonly address: string;
}

const COMMAND_LINE = /--(?:[a-z]+-)?port[= "',]+(\d+)/g;
const NUMBER = /^-?\d{1,9}$/;

function* inCompose(project: Project): Generator<PortPlace> {
  for (const { file, name, value, path } of composeServices(project))
    for (const { host, container, address, line } of portsOf(file, value, path)) {
      const place = { path: file.path, line, owner: name, address };
      if (host !== undefined) yield { ...place, port: host, kind: 'host' };
      if (container !== undefined) yield { ...place, port: container, kind: 'container' };
    }
}

function* inDockerfiles(project: Project): Generator<PortPlace> {
  for (const file of project.texts.filter(({ path }) => isDockerfile(path)))
    for (const { word, rest, line } of instructionsOf(file))
      if (word === 'EXPOSE')
        for (const port of rest.split(/\s+/).map((text) => text.split('/')[0] ?? ''))
          if (NUMBER.test(port))
            yield { path: file.path, line, port: Number(port), kind: 'container', owner: 'EXPOSE', address: '' };
}

/** Kubernetes names ports of containers so. */
const kindOf = (name: string): PortPlace['kind'] => (/^(container|target)Port$/.test(name) ? 'container' : 'setting');

function* inSettings(project: Project): Generator<PortPlace> {
  for (const { file, name, value, line, path } of settingsOf(project)) {
    const isCompose = path[0] === 'services';
    const isPort = isEnvironment(file.path) ? /(^|_)PORT$/i.test(name) : /(^port|Port|_port|_PORT|^PORT)$/.test(name);
    if (isPort && !isCompose && NUMBER.test(value) && !/\.lock$|lock\.json$/.test(file.path))
      yield { path: file.path, line: line(), port: Number(value), kind: kindOf(name), owner: name, address: '' };
  }
}

function* inCommandLines(project: Project): Generator<PortPlace> {
  for (const file of project.named(/(^|\/)(package\.json|Dockerfile[^/]*|Procfile)$|\.sh$/))
    for (const [index, text] of file.lines.entries())
      for (const [, port] of text.matchAll(COMMAND_LINE))
        yield { path: file.path, line: index + 1, port: Number(port), kind: 'setting', owner: '--port', address: '' };
}

export const portPlaces = (project: Project): PortPlace[] => [
  ...inCompose(project),
  ...inDockerfiles(project),
  ...inSettings(project),
  ...inCommandLines(project),
];
