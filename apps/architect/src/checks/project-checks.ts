// Looks a project of the caller's through, and mends what is safe to mend where the project is: its folder, its archive, or the caller's hands.
import { AppError, type architect, blobUrl, type Call, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import {
  checkedFiles,
  type DiskFacts,
  type Looked,
  mendFolder,
  type ProjectFile,
  readDiskFacts,
} from '@labmesh/projects';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { ProjectArchives } from '../projects/project-archives.js';
import type { ProjectRow } from '../projects/project-row.js';
import { Projects } from '../projects/projects.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { LabKnowledge } from './lab-facts.js';

type Tool = typeof architect.tools.validate_project_config;
type Report = ToolOutput<Tool>;

/** An answer travels in one message. */
const FINDINGS_MAX = 300;

interface Subject {
  readonly files: readonly ProjectFile[];
  readonly disk?: DiskFacts;
  readonly row?: ProjectRow;
}

@Injectable()
export class ProjectChecks {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ProjectsRepository) private readonly rows: ProjectsRepository,
    @Inject(ProjectArchives) private readonly archives: ProjectArchives,
    @Inject(LabKnowledge) private readonly lab: LabKnowledge,
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'publicUrl'>,
  ) {}

  /** @throws AppError not_found, too_large, invalid_input; conflict when the project was changed while it was looked at */
  async validate(input: ToolInput<Tool>, call: Call): Promise<Report> {
    const { rules, applyFixes = false } = input;
    // The rules and their parsers are read with the first project that is looked through.
    const { lookThroughElsewhere, unknownRules } = await import('@labmesh/projects/rules');
    refuseUnknown(unknownRules(rules ?? []));
    if (applyFixes && !call.principal.permissions.includes('project:write'))
      throw new AppError(
        'forbidden',
        'Cannot mend the project: your role may not write projects. Leave applyFixes out.',
      );
    const subject = await this.#subject(input, call);
    const asked = { applyFixes, signal: call.signal, ...(rules ? { rules } : {}) };
    const looked = await lookThroughElsewhere(subject, this.lab.facts(call), asked);
    const archive = subject.row && (await this.#mend(subject.row, { subject, looked }, call));
    return {
      ...reportOf(looked),
      files: subject.row
        ? []
        : looked.changed.map(({ path, bytes }) => ({ path, text: Buffer.from(bytes).toString('utf8') })),
      archive: archive ?? null,
    };
  }

  async #subject({ projectId, uploadId, files }: ToolInput<Tool>, call: Call): Promise<Subject> {
    if (uploadId !== undefined) return { files: await this.archives.uploaded(uploadId, call) };
    if (projectId === undefined)
      return {
        files: checkedFiles(
          (files ?? []).map(({ path, text }) => ({ path, bytes: Buffer.from(text), executable: false })),
        ),
      };
    const row = await this.projects.own(projectId, call.principal);
    const own = await this.projects.files(row);
    return row.folder === null ? { files: own, row } : { files: own, row, disk: await readDiskFacts(row.folder) };
  }

  /** Answers the archive that took the place of the project's, if one did. */
  async #mend(
    row: ProjectRow,
    { subject, looked }: { subject: Subject; looked: Looked },
    call: Call,
  ): Promise<Report['archive']> {
    if (row.folder !== null) await mendFolder(row.folder, subject.files, looked);
    if (looked.changed.length === 0 || row.archive === null) return null;
    const changed = new Map(looked.changed.map((file) => [file.path, file]));
    const kept = subject.files.filter(({ path }) => !changed.has(path));
    const content = await this.archives.put([...kept, ...changed.values()], call.signal);
    const archive = await this.rows.keepArchive(row, content, call.principal.role);
    return { ...archive, uri: blobUrl(this.config.publicUrl, archive.blobId) };
  }
}

function refuseUnknown(unknown: readonly string[]): void {
  if (unknown.length > 0)
    throw new AppError(
      'invalid_input',
      `Cannot check by ${unknown.join(', ')}: there is no such rule. docs/project-checks.md lists them.`,
    );
}

function reportOf({ findings, checked }: Looked): Pick<Report, 'ok' | 'checked' | 'findings' | 'counts'> {
  const left = findings.filter(({ fixed }) => !fixed);
  const count = (severity: string): number => left.filter((one) => one.severity === severity).length;
  const counts = { error: count('error'), warning: count('warning'), info: count('info') };
  return {
    ok: counts.error === 0,
    checked,
    findings: findings.slice(0, FINDINGS_MAX),
    counts: { ...counts, fixed: findings.length - left.length },
  };
}
