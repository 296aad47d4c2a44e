// Projects for specs of the Librarian: an Architect who knows some, each its owner's, and one who knows none.
import { AppError, type Call } from '@labmesh/contracts';
import type { ProjectTexts } from './own-projects.js';

export interface KnownProject {
  readonly owner: string;
  texts: Readonly<Record<string, string>>;
}

export function projectsOf(known: ReadonlyMap<string, KnownProject>) {
  const own = (projectId: string, { principal }: Call): KnownProject => {
    const found = known.get(projectId);
    if (found?.owner === principal.walletId) return found;
    throw new AppError('not_found', `Cannot find the project ${projectId}: there is none of yours.`);
  };
  return {
    assertOwn: async (projectId: string, call: Call): Promise<void> => void own(projectId, call),
    texts: async (projectId: string, call: Call): Promise<ProjectTexts> =>
      Object.entries(own(projectId, call).texts).map(([path, text]) => ({
        ...{ path, text, executable: false },
        bytes: Buffer.byteLength(text),
      })),
  };
}

const none = async (): Promise<never> => {
  throw new AppError('not_found', 'There are no projects here.');
};
export const NO_PROJECTS = { assertOwn: none, texts: none, asked: none, addSolution: none };
