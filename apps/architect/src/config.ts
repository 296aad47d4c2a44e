// The Architect's settings, read once. The only reader of the environment here.
import { isAbsolute } from 'node:path';
import { type GitHost, GitHosts } from '@labmesh/projects/git';
import { readSettings, setting } from '@labmesh/runtime/config';
import { z } from 'zod';

export const ARCHITECT_CONFIG = Symbol('ARCHITECT_CONFIG');

export interface ArchitectConfig {
  /** Where folders of projects are; undefined: the lab's own place, or none in a mesh. */
  readonly projectsFolder: string | undefined;
  /** Templates of the operator. */
  readonly templatesFolder: string | undefined;
  /** From where templates may be cloned; empty: nowhere. */
  readonly templateHosts: readonly GitHost[];
}

const Folder = z.string().refine((folder) => isAbsolute(folder), 'must be an absolute folder');

export const ARCHITECT_SETTINGS = z.object({
  LABMESH_PROJECTS: setting(Folder.optional(), {
    without:
      'the folder `projects` in `LABMESH_HOME` in the lab; none in a process of a mesh, where projects are archives',
    description: 'Absolute folder for projects on the lab’s disk. Replicas of the Architect must share it.',
  }),
  LABMESH_TEMPLATES: setting(Folder.optional(), {
    description: 'Absolute folder with templates of your own, one folder each, read at start beside those of the lab.',
  }),
  LABMESH_TEMPLATE_HOSTS: setting(GitHosts.optional(), {
    without: 'none: templates are not taken from git',
    description:
      'Hosts, separated by commas, from whose git repositories `architect_publish_template` may take templates.',
  }),
});

/** @throws AppError invalid_input naming the setting */
export function readArchitectConfig(env: NodeJS.ProcessEnv = process.env): ArchitectConfig {
  const set = readSettings(ARCHITECT_SETTINGS, env);
  return Object.freeze({
    projectsFolder: set.LABMESH_PROJECTS,
    templatesFolder: set.LABMESH_TEMPLATES,
    templateHosts: Object.freeze(set.LABMESH_TEMPLATE_HOSTS ?? []),
  });
}
