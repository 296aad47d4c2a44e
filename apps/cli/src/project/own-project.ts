// Which project is meant: the one of this folder, or one named by its id or name. And its key, which lies outside of it.
import { join, resolve } from 'node:path';
import { AppError, architect, ProjectId } from '@labmesh/contracts';
import { CARD_PATH, type ProjectCard, type ProjectFile, readCard, readFolder } from '@labmesh/projects';
import type { Lab } from '../lab/lab.js';

export interface LocalProject {
  /** Absolute. */
  readonly folder: string;
  readonly card: ProjectCard;
  readonly files: readonly ProjectFile[];
}

/** @throws AppError not_found for a folder that is no project */
export async function localProject(cwd: string, dir: string | undefined): Promise<LocalProject> {
  const folder = resolve(cwd, dir ?? '.');
  const card = readCard(await readFolder(folder));
  if (card === undefined)
    throw new AppError(
      'not_found',
      `${folder} is no project: it has no readable ${CARD_PATH}. Give the project’s folder, or make one with npx @labmesh/cli project create.`,
    );
  // What the template made is of the project, whatever is ignored now.
  const files = await readFolder(folder, { also: card.files.map(({ path }) => path) });
  return { folder, card, files };
}

const PAGE = 200;

/** @throws AppError not_found */
export async function projectIdOf(lab: Lab, named: string | undefined, { cwd }: { cwd: string }): Promise<string> {
  if (named === undefined) return (await localProject(cwd, undefined)).card.projectId;
  if (ProjectId.safeParse(named).success) return named;
  let cursor: string | undefined;
  do {
    const page = await lab.use(architect, 'list_projects', { limit: PAGE, cursor });
    const found = page.projects.find(({ name }) => name === named);
    if (found !== undefined) return found.projectId;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  throw new AppError('not_found', `You have no project "${named}": npx @labmesh/cli project ls lists yours.`);
}

/** Of an option: undefined where nothing is given. @throws AppError not_found */
export const ownProject = async (
  { lab, host }: { readonly lab: Lab; readonly host: { readonly cwd: string } },
  named: string | undefined,
): Promise<string | undefined> => (named === undefined ? undefined : projectIdOf(lab, named, host));

/** Of the key that a project of this machine works with. */
export const projectKeyFile = (state: string, projectId: string): string => join(state, 'projects', `${projectId}.key`);
