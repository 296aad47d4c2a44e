// What a project knows of itself: `.labmesh/project.json`, the way back to its template for updates and checks. It never holds a secret.
import { ProjectId, ProjectName, Sha256, TemplateName, TemplateVersion, WalletId } from '@labmesh/contracts';
import { z } from 'zod';
import { byPath, type ProjectFile, sha256Of } from './project-file.js';

export const CARD_PATH = '.labmesh/project.json';

export const ProjectCard = z.object({
  format: z.literal(1),
  projectId: ProjectId,
  name: ProjectName,
  owner: WalletId,
  template: TemplateName,
  version: TemplateVersion,
  /** Without secrets. */
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Environment variables of its secrets, which `npx @labmesh/cli project run` sets. */
  secrets: z.array(z.string()),
  /** As the template made them. */
  files: z.array(z.object({ path: z.string(), sha256: Sha256, executable: z.boolean() })),
});
export type ProjectCard = z.infer<typeof ProjectCard>;

export const describeFile = ({ path, bytes, executable }: ProjectFile) => ({
  path,
  sha256: sha256Of(bytes),
  executable,
});

/** The card of a project of these files, as one more file of it. */
export function cardFile(card: Omit<ProjectCard, 'format' | 'files'>, files: readonly ProjectFile[]): ProjectFile {
  const { projectId, name, owner, template, version, inputs, secrets } = card;
  const sorted = Object.fromEntries(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const whole: ProjectCard = {
    ...{ format: 1, projectId, name, owner, template, version, inputs: sorted, secrets: [...secrets].sort() },
    files: byPath(files).map(describeFile),
  };
  return { path: CARD_PATH, bytes: Buffer.from(`${JSON.stringify(whole, null, 2)}\n`), executable: false };
}

/** Undefined for files that are no project, or whose card was spoilt. */
export function readCard(files: readonly ProjectFile[]): ProjectCard | undefined {
  const file = files.find(({ path }) => path === CARD_PATH);
  if (file === undefined) return undefined;
  try {
    return ProjectCard.parse(JSON.parse(Buffer.from(file.bytes).toString('utf8')));
  } catch {
    return undefined;
  }
}
