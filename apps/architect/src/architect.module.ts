// Wiring of the Architect: contract, templates and projects. No logic.
import { join } from 'node:path';
import { agentModule } from '@labmesh/agent';
import { architect, expandUri } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { architectBlobs } from './architect.blobs.js';
import { architectPrompts } from './architect.prompts.js';
import { architectResources, projectsOf } from './architect.resources.js';
import { architectTools } from './architect.tools.js';
import { LabKnowledge } from './checks/lab-facts.js';
import { ProjectChecks } from './checks/project-checks.js';
import { ARCHITECT_CONFIG, type ArchitectConfig, readArchitectConfig } from './config.js';
import { Abandoned } from './projects/abandoned.js';
import { ProjectArchives } from './projects/project-archives.js';
import { ProjectFolders } from './projects/project-folders.js';
import { ProjectKeys } from './projects/project-keys.js';
import { ProjectMaking } from './projects/project-making.js';
import { ProjectSecrets } from './projects/project-secrets.js';
import { ProjectTexts } from './projects/project-texts.js';
import { ProjectUpdates } from './projects/project-updates.js';
import { Projects } from './projects/projects.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { PublishedTemplates } from './templates/published.repository.js';
import { Publishing } from './templates/publishing.js';
import { readInstalled } from './templates/reading.js';
import { Shelf } from './templates/shelf.js';

const readmeUri = (name: string): string => expandUri(architect.resources.readme.uri, { name });

@Module(
  agentModule(architect, {
    providers: [
      { provide: ARCHITECT_CONFIG, useFactory: () => readArchitectConfig() },
      PublishedTemplates,
      {
        provide: Shelf,
        inject: [LAB_CONFIG, ARCHITECT_CONFIG, PublishedTemplates],
        useFactory: async (
          { installRoot }: LabConfig,
          { templatesFolder }: ArchitectConfig,
          published: PublishedTemplates,
        ) => {
          const shipped = join(installRoot, 'apps/architect/vials');
          const shelf = new Shelf(() => readInstalled(shipped, templatesFolder), published);
          // What is wrong in a folder of the operator's is told at the start; the shipped ones are read when they are wanted.
          if (templatesFolder !== undefined) await shelf.installed();
          return shelf;
        },
      },
      Publishing,
      ProjectsRepository,
      ProjectFolders,
      ProjectArchives,
      ProjectSecrets,
      ProjectKeys,
      ProjectMaking,
      Projects,
      ProjectUpdates,
      ProjectTexts,
      LabKnowledge,
      ProjectChecks,
      Abandoned,
    ],
    tools: architectTools,
    resources: { inject: [Shelf, Projects], useFactory: architectResources },
    prompts: { inject: [Shelf], useFactory: architectPrompts },
    blobs: { inject: [ProjectsRepository], useFactory: architectBlobs },
    changes: {
      publish_template: ({ template, published }) =>
        published ? { uris: [readmeUri(template.name)], listOf: null } : undefined,
      instantiate_template: ({ project, alreadyThere }) =>
        project === null || alreadyThere ? undefined : projectsOf(project.owner),
      update_project: ({ project, updated }) => (updated ? projectsOf(project.owner) : undefined),
      delete_project: ({ deleted }, { principal }) => (deleted ? projectsOf(principal.walletId) : undefined),
    },
  }),
)
export class ArchitectModule {}
