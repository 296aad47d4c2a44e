// Which lines of files hold a secret, for whoever passes the files on: as the rules know them, whatever git ignores. It never repeats
// one.
import type { ProjectFile } from '../../project-file.js';
import { Project } from '../project/project.js';
import { leakedRules } from './leaked.js';

/** Numbers of lines, from 1, by path; a file without any is left out. */
export async function linesWithSecrets(
  files: readonly ProjectFile[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  // Without what git is told to leave out: where it goes, git is not asked.
  const project = new Project(files.filter(({ path }) => !/(^|\/)\.gitignore$/.test(path)));
  const lines = new Map<string, Set<number>>();
  for (const rule of leakedRules)
    for (const { path, line } of await rule.look(project, {})) {
      if (path === null || line === null) continue;
      const found = lines.get(path);
      if (found === undefined) lines.set(path, new Set([line]));
      else found.add(line);
    }
  return lines;
}
