// Projects as their owners see them: a list, one with its files, its secrets, and its end. Another's project does not exist.
import {
  AppError,
  type architect,
  type Call,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { describeFile, type ProjectFile } from '@labmesh/projects';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Shelf } from '../templates/shelf.js';
import { templateSecrets } from '../templates/template.js';
import { describeProject } from './describe-project.js';
import { ProjectArchives } from './project-archives.js';
import { ProjectFolders } from './project-folders.js';
import { ProjectKeys } from './project-keys.js';
import type { ProjectRow } from './project-row.js';
import { ProjectSecrets } from './project-secrets.js';
import { ProjectsRepository } from './projects.repository.js';

type Tools = typeof architect.tools;

@Injectable()
export class Projects {
  constructor(
    @Inject(Shelf) private readonly shelf: Shelf,
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(ProjectFolders) private readonly folders: ProjectFolders,
    @Inject(ProjectArchives) private readonly archives: ProjectArchives,
    @Inject(ProjectSecrets) private readonly sealing: ProjectSecrets,
    @Inject(ProjectKeys) private readonly keys: ProjectKeys,
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'publicUrl'>,
  ) {}

  /** @throws AppError not_found, also for another's */
  async own(projectId: string, { walletId }: Pick<Principal, 'walletId'>): Promise<ProjectRow> {
    const row = await this.projects.find(projectId);
    if (row?.owner === walletId && row.state === 'ready') return row;
    throw new AppError(
      'not_found',
      `Cannot find the project ${projectId}: there is none of yours. list_projects shows those you have.`,
    );
  }

  /** @throws AppError not_found, also for another's */
  async find(projectId: string, { principal }: Pick<Call, 'principal'>): Promise<ToolOutput<Tools['find_project']>> {
    const { id, name } = await this.own(projectId, principal);
    return { projectId: id, name };
  }

  /** As they are now: in its folder, or as they were archived last. @throws AppError not_found when its folder is gone */
  async files(row: ProjectRow): Promise<ProjectFile[]> {
    const base = await this.archives.base(row);
    if (row.folder === null) return row.archive === null ? base : this.archives.read(row.archive);
    const files = await this.folders.read(
      row.folder,
      base.map(({ path }) => path),
    );
    if (files !== undefined) return files;
    throw new AppError(
      'not_found',
      `Cannot read ${row.name}: its folder ${row.folder} is gone. Put it back, or delete the project.`,
    );
  }

  async list(
    { template, limit, cursor }: ToolInput<Tools['list_projects']>,
    { principal }: Pick<Call, 'principal'>,
  ): Promise<ToolOutput<Tools['list_projects']>> {
    const most = limit ?? 50;
    const rows = await this.projects.list(principal.walletId, { template, before: cursor, limit: most + 1 });
    const shown = rows.slice(0, most);
    const names = [...new Set(shown.map((row) => row.template))];
    const newest = new Map(
      await Promise.all(names.map(async (name) => [name, await this.shelf.newestVersion(name)] as const)),
    );
    const last = shown.at(-1);
    return {
      projects: shown.map((row) => ({
        ...describeProject(row, this.config.publicUrl),
        newestVersion: newest.get(row.template) ?? null,
      })),
      ...(rows.length > shown.length && last !== undefined ? { nextCursor: last.id } : {}),
    };
  }

  async show(projectId: string, call: Pick<Call, 'principal'>): Promise<ToolOutput<Tools['get_project']>> {
    const row = await this.own(projectId, call.principal);
    const [files, history] = await Promise.all([this.files(row), this.projects.history(row.id)]);
    return {
      project: describeProject(row, this.config.publicUrl),
      files: files.map((file) => ({ ...describeFile(file), bytes: file.bytes.byteLength })),
      history: history.map(({ version, at, conflicts, kept }) => ({ version, at: at.toISOString(), conflicts, kept })),
    };
  }

  /** By the names of their variables. */
  async secrets(projectId: string, call: Pick<Call, 'principal'>): Promise<ToolOutput<Tools['read_project_secrets']>> {
    const row = await this.own(projectId, call.principal);
    const { template } = await this.shelf.find(row.template, row.version).catch(() => this.shelf.find(row.template));
    const variables = templateSecrets(template);
    const opened = await this.sealing.open(row.id, row.secrets);
    const named = Object.entries(opened).flatMap(([input, secret]) => {
      const variable = variables.get(input);
      return variable === undefined ? [] : [[variable, secret] as const];
    });
    return { secrets: Object.fromEntries(named) };
  }

  async delete(projectId: string, call: Call): Promise<ToolOutput<Tools['delete_project']>> {
    if (await this.projects.wasDeleted(projectId, call.principal.walletId)) return { projectId, deleted: false };
    const row = await this.own(projectId, call.principal);
    await this.keys.end(row.id, row.tokenId, call);
    if (row.folder !== null) await this.folders.remove(row.folder);
    return { projectId, deleted: await this.projects.delete(row.id) };
  }
}
