// Texts of a project for other agents, as many as one message carries. What is no text, too long or `.env` is named and not read.
import { AppError, type architect, type Call, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { byPath, isEnvironmentFile, type ProjectFile, textOf } from '@labmesh/projects';
import { Inject, Injectable } from '@nestjs/common';
import { ProjectArchives } from './project-archives.js';
import { Projects } from './projects.js';

type Spec = (typeof architect.tools)['read_project_texts'];

const TEXT_BYTES_MAX = 1024 * 1024;
/** Of all texts, as JSON writes them; with the names of files it stays below what a bus carries. */
const MESSAGE_BYTES_MAX = 5 * 1024 * 1024;

@Injectable()
export class ProjectTexts {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ProjectArchives) private readonly archives: ProjectArchives,
  ) {}

  /** @throws AppError not_found, too_large, invalid_input */
  async read(input: ToolInput<Spec>, call: Call): Promise<ToolOutput<Spec>> {
    const { name, files } = await this.#files(input, call);
    const texts = textsWithin(files);
    return {
      name,
      files: files.map(({ path, bytes, executable }) => ({
        path,
        bytes: bytes.byteLength,
        executable,
        text: texts.get(path) ?? null,
      })),
    };
  }

  async #files({ projectId, uploadId }: ToolInput<Spec>, call: Call): Promise<{ name: string; files: ProjectFile[] }> {
    if (uploadId !== undefined) return { name: 'upload', files: await this.archives.uploaded(uploadId, call) };
    if (projectId === undefined) throw new AppError('invalid_input', 'Cannot read texts: give projectId or uploadId.');
    const row = await this.projects.own(projectId, call.principal);
    return { name: row.name, files: byPath(await this.projects.files(row)) };
  }
}

/** The small ones first, so that one large file does not keep many out. */
export function textsWithin(files: readonly ProjectFile[], mostBytes = MESSAGE_BYTES_MAX): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let total = 0;
  const smallFirst = [...files].sort((a, b) => a.bytes.byteLength - b.bytes.byteLength || (a.path < b.path ? -1 : 1));
  for (const { path, bytes } of smallFirst) {
    if (isEnvironmentFile(path) || bytes.byteLength > TEXT_BYTES_MAX) continue;
    const text = textOf(bytes);
    if (text === undefined) continue;
    total += Buffer.byteLength(JSON.stringify(text));
    if (total > mostBytes) break;
    texts.set(path, text);
  }
  return texts;
}
