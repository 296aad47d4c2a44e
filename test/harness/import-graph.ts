// Which files import which, and the circles among them. Reads no file: what they import is given.
import { dirname, join } from 'node:path';

/** Finds the file that `name` means in `from`; undefined for what is no file of the repository. */
export function resolverOf(files: readonly string[]): (from: string, name: string) => string | undefined {
  const known = new Set(files);
  return (from, name) => {
    if (name.startsWith('@labmesh/')) return doorOf(name, known);
    if (!name.startsWith('.')) return undefined;
    const path = join(dirname(from), name).replaceAll('\\', '/');
    return [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find((candidate) =>
      known.has(candidate),
    );
  };
}

/** `@labmesh/bus` is its index, `@labmesh/identity/policy.testing` the file of that name. */
function doorOf(name: string, known: ReadonlySet<string>): string | undefined {
  const [, workspace, file = 'index'] = name.split('/');
  return ['libs', 'apps'].map((kind) => `${kind}/${workspace}/src/${file}.ts`).find((path) => known.has(path));
}

/** Groups of files each of which reaches every other of its group (Tarjan 1972), in alphabetical order within a group. */
export function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const at = order.size;
    order.set(file, at);
    open.push(file);
    let low = at;
    for (const next of graph.get(file) ?? []) {
      if (next === file) circles.push([file]);
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next) ?? low);
    }
    lowest.set(file, low);
    if (low === at) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) circles.push(group.sort());
    }
    return low;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
