// Makes projects. A project is there whole or not at all: its name is taken first, then its files come, then it is told of; whatever fails
// on the way takes everything back, and what a kill leaves, `Abandoned` does.
import { AppError, type architect, type Call, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { checkedName, ENV_PATH, envFile, type FilePut, type ProjectFile } from '@labmesh/projects';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { projectFiles } from '../templates/project-files.js';
import { Shelf, type Shelved } from '../templates/shelf.js';
import { toolsetOf } from '../templates/template.js';
import { describeProject } from './describe-project.js';
import { allAdded, describeChanges } from './file-changes.js';
import { ProjectArchives } from './project-archives.js';
import { ProjectFolders } from './project-folders.js';
import { type SplitInputs, splitInputs } from './project-inputs.js';
import { ProjectKeys } from './project-keys.js';
import type { ProjectPlace, ProjectRow } from './project-row.js';
import { ProjectSecrets } from './project-secrets.js';
import { ProjectsRepository } from './projects.repository.js';

type Tool = typeof architect.tools.instantiate_template;
type Made = ToolOutput<Tool>;

/** What a project comes to before anything is done. */
interface Making extends SplitInputs {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly place: ProjectPlace;
  readonly folder: string | null;
  readonly shelved: Shelved;
  readonly files: readonly ProjectFile[];
}

@Injectable()
export class ProjectMaking {
  constructor(
    @Inject(Shelf) private readonly shelf: Shelf,
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(ProjectFolders) private readonly folders: ProjectFolders,
    @Inject(ProjectArchives) private readonly archives: ProjectArchives,
    @Inject(ProjectSecrets) private readonly sealing: ProjectSecrets,
    @Inject(ProjectKeys) private readonly keys: ProjectKeys,
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'publicUrl'>,
  ) {}

  async instantiate(input: ToolInput<Tool>, call: Call): Promise<Made> {
    const owner = call.principal.walletId;
    const there = input.dryRun ? undefined : await this.projects.named(owner, input.name);
    if (there !== undefined) {
      const same = await this.#same(there, input);
      if (same !== undefined) return same;
      // It was begun by who is gone.
      await this.takeBack(there);
    }
    const making = await this.#making(input, owner);
    if (input.dryRun === true) return this.#dryRun(making);
    await this.#make(making, call);
    const row = await this.projects.find(making.id);
    if (row === undefined) throw new AppError('conflict', `Cannot find ${input.name}: it was deleted at this moment.`);
    return this.#answer(making.shelved, { row, alreadyThere: false, files: making.files });
  }

  /** As if it had never been begun: files that are unchanged, the key's file, the row. Safe to repeat. */
  async takeBack(row: ProjectRow): Promise<void> {
    await this.keys.forget(row.id);
    if (row.folder !== null) {
      const env = envFile({ url: this.config.publicUrl, wallet: row.owner, tokenFile: this.keys.fileOf(row.id) });
      await this.folders.takeAway(row.folder, [...(await this.archives.base(row)), env]);
    }
    await this.projects.drop(row.id);
  }

  /** Of the row that has the name: its answer, when the same was asked for; undefined when it may be taken back. */
  async #same(row: ProjectRow, input: ToolInput<Tool>): Promise<Made | undefined> {
    if (row.state === 'making' && !row.busy) return undefined;
    if (row.state === 'making')
      throw new AppError(
        'conflict',
        `Cannot make ${row.name}: it is being made at this moment. Look for it with list_projects.`,
      );
    const { template, version, place, inputs = {} } = input;
    const secrets = await this.sealing.open(row.id, row.secrets);
    const kept: Readonly<Record<string, unknown>> = { ...row.inputs, ...secrets };
    const differs =
      (row.template !== template && 'template') ||
      (version !== undefined && row.version !== version && 'version') ||
      (place !== undefined && row.place !== place && 'place') ||
      (Object.entries(inputs).some(([name, value]) => kept[name] !== value) && 'inputs');
    if (differs !== false)
      throw new AppError(
        'conflict',
        `Cannot make ${row.name}: you have a project of this name with another ${differs}. Choose another name, or delete it.`,
      );
    const shelved = await this.shelf.find(row.template).catch(() => undefined);
    if (shelved === undefined) throw new AppError('not_found', `There is no template "${row.template}" any more.`);
    return this.#answer(shelved, { row, alreadyThere: true, files: await this.archives.base(row) });
  }

  async #making(input: ToolInput<Tool>, owner: string): Promise<Making> {
    const name = checkedName(input.name);
    const shelved = await this.shelf.find(input.template, input.version);
    const place = input.place ?? (this.folders.kept ? 'folder' : 'archive');
    const folder = place === 'archive' ? null : this.folders.of(owner, name);
    const split = splitInputs(shelved.template, input.inputs ?? {});
    const id = `prj_${uuidv7()}`;
    const making = { projectId: id, name, owner, labUrl: this.config.publicUrl, inputs: split.values };
    return { ...split, id, name, owner, place, folder, shelved, files: projectFiles(shelved.template, making) };
  }

  async #dryRun({ files, folder, id, shelved }: Making): Promise<Made> {
    const there =
      folder === null
        ? []
        : ((await this.folders.read(
            folder,
            files.map(({ path }) => path),
          )) ?? []);
    const paths = new Set(there.map(({ path }) => path));
    const told = allAdded(files).map((one) => {
      if (paths.has(one.path)) return { ...one, kind: 'conflict' as const, note: 'A file is there already.' };
      const named = Buffer.from(one.after?.bytes ?? []).includes(id);
      return named ? { ...one, note: 'It holds the project’s id, which is given when it is made.' } : one;
    });
    return {
      ...this.#told(shelved),
      project: null,
      alreadyThere: false,
      files: describeChanges(told, { differences: true }),
    };
  }

  async #make(making: Making, call: Call): Promise<void> {
    const { id, name, owner, place, folder, shelved, values, files } = making;
    const content = await this.archives.put(files, call.signal);
    const secrets = await this.sealing.seal(id, making.secrets);
    const { name: template, form } = shelved.template;
    const row = { id, owner, name, place, folder, template, version: form.version, inputs: values, secrets };
    await this.projects.begin({ ...row, content, role: call.principal.role });
    let tokenId: string | undefined;
    try {
      if (folder !== null) {
        tokenId = await this.keys.make(id, { name, toolset: toolsetOf(form) }, call);
        await this.folders.place({ target: folder, put: [...files, this.#env(making)] }, call.signal);
      }
      await this.projects.finish(id, tokenId);
    } catch (error) {
      await this.#undo(id, tokenId, call);
      throw error;
    }
  }

  async #undo(id: string, tokenId: string | undefined, call: Call): Promise<void> {
    const row = await this.projects.find(id);
    // A key without its file opens nothing; that it ends too is a courtesy, which a lost Sentinel must not stand in the way of.
    await this.keys.end(id, tokenId ?? null, call).catch(() => undefined);
    if (row !== undefined) await this.takeBack(row);
  }

  #env({ id, owner }: Making): FilePut {
    const file = envFile({ url: this.config.publicUrl, wallet: owner, tokenFile: this.keys.fileOf(id) });
    return { ...file, path: ENV_PATH };
  }

  #answer(
    shelved: Shelved,
    { row, alreadyThere, files }: { row: ProjectRow; alreadyThere: boolean; files: readonly ProjectFile[] },
  ): Made {
    return {
      ...this.#told(shelved),
      project: describeProject(row, this.config.publicUrl),
      alreadyThere,
      files: describeChanges(allAdded(files), { differences: false }),
    };
  }

  #told({ template: { name, form } }: Shelved): Pick<Made, 'template' | 'next'> {
    const { version, inputs, next } = form;
    return { template: { name, version, inputs, toolset: [...toolsetOf(form)] }, next: [...next] };
  }
}
