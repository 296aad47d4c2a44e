// Brings projects to a newer version of their template: what the template changed comes in, what their user changed stays.
import type { BlobRef } from '@labmesh/blobs';
import { AppError, type architect, type Call, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import {
  CARD_PATH,
  type FileRemoval,
  type FilePut,
  type ProjectFile,
  readCard,
  sameFile,
  sha256Of,
} from '@labmesh/projects';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { compare } from 'semver';
import type { InputValues } from '../templates/inputs-schema.js';
import { projectFiles } from '../templates/project-files.js';
import { Shelf, type Shelved } from '../templates/shelf.js';
import { toolsetOf } from '../templates/template.js';
import { describeProject } from './describe-project.js';
import { describeChanges } from './file-changes.js';
import { ProjectArchives } from './project-archives.js';
import { ProjectFolders } from './project-folders.js';
import { type SplitInputs, splitInputs } from './project-inputs.js';
import { type ProjectKey, ProjectKeys } from './project-keys.js';
import type { ProjectRow } from './project-row.js';
import { ProjectSecrets } from './project-secrets.js';
import { Projects } from './projects.js';
import { ProjectsRepository } from './projects.repository.js';
import { type Merge, mergeProject } from './three-way.js';

type Tools = typeof architect.tools;
type Update = ToolInput<Tools['update_project']>;

/** Most projects that are looked through for updates in one call. */
const CHECKED_MAX = 50;

/** What an update comes to before anything is done. */
interface Planned extends SplitInputs {
  readonly row: ProjectRow;
  readonly shelved: Shelved;
  readonly mine: readonly ProjectFile[];
  readonly theirs: readonly ProjectFile[];
  readonly merge: Merge;
}

@Injectable()
export class ProjectUpdates {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ProjectsRepository) private readonly rows: ProjectsRepository,
    @Inject(Shelf) private readonly shelf: Shelf,
    @Inject(ProjectFolders) private readonly folders: ProjectFolders,
    @Inject(ProjectArchives) private readonly archives: ProjectArchives,
    @Inject(ProjectSecrets) private readonly sealing: ProjectSecrets,
    @Inject(ProjectKeys) private readonly keys: ProjectKeys,
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'publicUrl'>,
  ) {}

  async check(
    { projectId, uploadId }: ToolInput<Tools['check_updates']>,
    call: Call,
  ): Promise<ToolOutput<Tools['check_updates']>> {
    if (uploadId !== undefined && projectId === undefined)
      throw new AppError('invalid_input', 'Cannot look at the upload: say by projectId which project it is.');
    const rows =
      projectId === undefined
        ? await this.rows.list(call.principal.walletId, { limit: CHECKED_MAX })
        : [await this.projects.own(projectId, call.principal)];
    const projects: ToolOutput<Tools['check_updates']>['projects'] = [];
    for (const row of rows) {
      const newestVersion = (await this.shelf.newestVersion(row.template)) ?? row.version;
      const { id, name, version } = row;
      const newer = compare(newestVersion, version) > 0;
      const told = newer ? await this.#wouldChange(row, uploadId, call) : [];
      projects.push({
        projectId: id,
        name,
        version,
        newestVersion,
        files: describeChanges(told, { differences: false }),
      });
    }
    return { projects };
  }

  async update(input: Update, call: Call): Promise<ToolOutput<Tools['update_project']>> {
    const row = await this.projects.own(input.projectId, call.principal);
    const planned = await this.#plan(row, input, call);
    const { told } = planned.merge;
    const conflicts = told.filter(({ kind }) => kind === 'conflict').length;
    const files = describeChanges(told, { differences: true });
    const nothing =
      row.version === planned.shelved.template.form.version && told.length === 0 && input.inputs === undefined;
    if (input.dryRun === true || nothing)
      return { project: describeProject(row, this.config.publicUrl), files, conflicts, updated: false };
    await this.#apply(planned, conflicts, call);
    if (input.uploadId !== undefined) await this.archives.done(input.uploadId);
    const after = await this.projects.own(row.id, call.principal);
    return { project: describeProject(after, this.config.publicUrl), files, conflicts, updated: true };
  }

  /** What is missing for the newer version is no reason to say nothing. */
  async #wouldChange(row: ProjectRow, uploadId: string | undefined, call: Call): Promise<Merge['told']> {
    try {
      return (await this.#plan(row, { projectId: row.id, uploadId }, call)).merge.told;
    } catch (error) {
      const known = error instanceof AppError && (error.code === 'invalid_input' || error.code === 'not_found');
      if (!known || uploadId !== undefined) throw error;
      return [{ path: CARD_PATH, kind: 'kept', before: undefined, after: undefined, note: error.message }];
    }
  }

  async #plan(row: ProjectRow, input: Partial<Update>, call: Call): Promise<Planned> {
    const shelved = await this.shelf.find(row.template, input.version);
    const { form } = shelved.template;
    if (compare(form.version, row.version) < 0)
      throw new AppError(
        'invalid_input',
        `Cannot bring ${row.name} from ${row.version} to ${form.version}: that is older.`,
      );
    const split = await this.#inputs(row, shelved, input.inputs ?? {});
    const making = { projectId: row.id, name: row.name, owner: row.owner, labUrl: this.config.publicUrl };
    const theirs = projectFiles(shelved.template, { ...making, inputs: split.values });
    const [base, mine] = await Promise.all([this.archives.base(row), this.#mine(row, input.uploadId, call)]);
    const label = `${row.template} ${form.version}`;
    const merge = mergeProject({ base, theirs, mine, label, own: (path) => path === CARD_PATH });
    return { ...split, row, shelved, mine, theirs, merge };
  }

  /** Those that were kept, with those that are given now; what the version does not know any more is left out. */
  async #inputs(row: ProjectRow, { template }: Shelved, given: InputValues): Promise<SplitInputs> {
    const kept: InputValues = { ...row.inputs, ...(await this.sealing.open(row.id, row.secrets)) };
    const known = Object.entries(kept).filter(([name]) => Object.hasOwn(template.form.inputs.properties, name));
    return splitInputs(template, { ...Object.fromEntries(known), ...given });
  }

  async #mine(row: ProjectRow, uploadId: string | undefined, call: Call): Promise<ProjectFile[]> {
    if (uploadId === undefined) return this.projects.files(row);
    if (row.folder !== null)
      throw new AppError(
        'invalid_input',
        `Cannot take the upload for ${row.name}: its files are in ${row.folder}. Leave uploadId out.`,
      );
    const files = await this.archives.uploaded(uploadId, call);
    const card = readCard(files);
    if (card?.projectId === row.id) return files;
    throw new AppError(
      'invalid_input',
      `Cannot take the upload for ${row.name}: its ${CARD_PATH} ${card === undefined ? 'is missing or spoilt' : 'is another project’s'}.`,
    );
  }

  async #apply(
    { row, shelved, values, secrets, mine, theirs, merge }: Planned,
    conflicts: number,
    call: Call,
  ): Promise<void> {
    const base = await this.archives.put(theirs, call.signal);
    const archive: BlobRef | undefined =
      row.place === 'folder' ? undefined : await this.archives.put(merge.files, call.signal);
    const sealed = await this.sealing.seal(row.id, secrets);
    const key = await this.#newKey(row, shelved, call);
    try {
      if (row.folder !== null)
        await this.folders.place({ target: row.folder, ...stepsBetween(mine, merge.files) }, call.signal);
    } catch (error) {
      if (key !== undefined) await this.keys.withdraw(key.tokenId, call);
      throw error;
    }
    if (key !== undefined) await this.keys.keep(row.id, key, call);
    await this.rows.change({
      ...{ was: row, version: shelved.template.form.version, inputs: values, secrets: sealed, base, archive },
      tokenId: key?.tokenId ?? row.tokenId,
      role: call.principal.role,
      conflicts,
      kept: merge.told.filter(({ kind }) => kind === 'kept').length,
    });
    if (key !== undefined && row.tokenId !== null) await this.keys.withdraw(row.tokenId, call);
  }

  /** Where the version has other tools than the one before, or nobody knows any more which that had. */
  async #newKey(row: ProjectRow, { template: { form } }: Shelved, call: Call): Promise<ProjectKey | undefined> {
    if (row.tokenId === null || row.version === form.version) return undefined;
    const toolset = toolsetOf(form);
    const before = await this.shelf.find(row.template, row.version).then(
      ({ template }) => toolsetOf(template.form),
      () => undefined,
    );
    const same = before?.length === toolset.length && toolset.every((tool) => before.includes(tool));
    return same ? undefined : this.keys.issue({ name: row.name, toolset }, call);
  }
}

/** What is to be done to a folder. */
function stepsBetween(
  from: readonly ProjectFile[],
  to: readonly ProjectFile[],
): { put: FilePut[]; remove: FileRemoval[] } {
  const [before, after] = [from, to].map((files) => new Map(files.map((file) => [file.path, file])));
  const put = to.flatMap((file): FilePut[] => {
    const old = before?.get(file.path);
    if (old === undefined) return [file];
    return sameFile(old, file) ? [] : [{ ...file, replaces: sha256Of(old.bytes) }];
  });
  const remove = from.flatMap(({ path, bytes }) =>
    after?.has(path) === true ? [] : [{ path, sha256: sha256Of(bytes) }],
  );
  return { put, remove };
}
