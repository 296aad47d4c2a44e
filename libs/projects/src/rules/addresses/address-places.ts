// Where a project names addresses of servers: its environment, MCP configuration, configuration, and constants in code.
import { mcpServers } from '../files/mcp-config.js';
import { codeOf, isTest, plainLines } from '../project/code.js';
import type { Project } from '../project/project.js';
import { isEnvironment, settingsOf, withDefaults } from '../project/settings-of.js';

export interface AddressPlace {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  readonly url: string;
  /** `lab`: of the lab by its name; `setting`: said to be an address; `other`: a value that is one. */
  readonly kind: 'lab' | 'setting' | 'other';
}

const VARIABLE = /(^|_)(URL|URI|ENDPOINT)$/;
const MEMBER = /(url|uri|endpoint|server|origin)$/i;
const CODE =
  /\b([A-Za-z_]*(?:url|uri|endpoint|host|server|origin))\b["']?\s*[:=]\s*["']((?:https?|wss?):\/\/[^"'\s]+)["']/gi;
/** Links for people, and names that only look like addresses. */
const LINKS = /^(homepage|repository|bugs|funding|documentation|changelog|\$schema|\$id|xmlns|license)$/i;

function* inSettings(project: Project): Generator<AddressPlace> {
  for (const { file, name, value, line, path } of settingsOf(project)) {
    const url = withDefaults(value);
    if (url === undefined || url === '' || path.some((step) => LINKS.test(String(step))) || path[0] === 'mcpServers')
      continue;
    const place = { path: file.path, name, url };
    if (name === 'LABMESH_URL') yield { ...place, line: line(), kind: 'lab' };
    else if (VARIABLE.test(name)) yield { ...place, line: line(), kind: 'setting' };
    else if (!isEnvironment(file.path) && MEMBER.test(name) && /^(https?|wss?):\/\//.test(url))
      yield { ...place, line: line(), kind: 'other' };
  }
}

function* inMcp(project: Project): Generator<AddressPlace> {
  for (const { file, name, value, line } of mcpServers(project)) {
    const url = value.url === undefined ? undefined : withDefaults(value.url.replace(/\$\{(input|env):\w+\}/g, '<$1>'));
    if (url !== undefined) yield { path: file.path, line, name, url, kind: /labmesh/i.test(name) ? 'lab' : 'setting' };
  }
}

function* inCode(project: Project): Generator<AddressPlace> {
  for (const piece of codeOf(project).filter(({ file }) => !isTest(file.path)))
    for (const { text, line } of plainLines(piece))
      for (const [, name = '', url = ''] of text.matchAll(CODE))
        if (!url.includes('{')) yield { path: piece.file.path, line, name, url, kind: 'other' };
}

const known = new WeakMap<Project, readonly AddressPlace[]>();

export function addressPlaces(project: Project): readonly AddressPlace[] {
  const before = known.get(project);
  if (before !== undefined) return before;
  const seen = new Set<string>();
  const found = [...inMcp(project), ...inSettings(project), ...inCode(project)].filter(({ path, line, url }) => {
    const place = `${path}:${line}:${url}`;
    return seen.has(place) ? false : seen.add(place);
  });
  known.set(project, found);
  return found;
}
