// Adds templates to the lab: read from an upload or a git repository, checked whole, made a project for trial, stored as a version that
// stays as it is.
import { BLOBS, type Blobs } from '@labmesh/blobs';
import {
  AppError,
  type architect,
  type Call,
  TEMPLATE_LIMITS,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import {
  ARCHIVE_BYTES_MAX,
  checkedFiles,
  packArchive,
  type ProjectFile,
  textOf,
  unpackArchive,
} from '@labmesh/projects';
import { filesFromGit } from '@labmesh/projects/git';
import { Inject, Injectable } from '@nestjs/common';
import { ARCHITECT_CONFIG, type ArchitectConfig } from '../config.js';
import type { InputProperty, InputValue } from './inputs-schema.js';
import { projectFiles } from './project-files.js';
import { PublishedTemplates, type TemplateSource } from './published.repository.js';
import { describeTemplate, Shelf } from './shelf.js';
import { type Template, templateOf, templateSecrets } from './template.js';

type Tool = typeof architect.tools.publish_template;
type Input = ToolInput<Tool>;

const FROM_GIT = {
  what: 'the template',
  instead: 'Add it to LABMESH_TEMPLATE_HOSTS for the Architect, or upload the template.',
};
const STEPS = ['reading', 'checking', 'making a project for trial', 'storing'] as const;

@Injectable()
export class Publishing {
  constructor(
    @Inject(Shelf) private readonly shelf: Shelf,
    @Inject(PublishedTemplates) private readonly published: PublishedTemplates,
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
    @Inject(ARCHITECT_CONFIG) private readonly config: Pick<ArchitectConfig, 'templateHosts'>,
  ) {}

  async *publish(
    input: Input,
    call: Call,
  ): AsyncGenerator<{ step: string; done: number; of: number }, ToolOutput<Tool>> {
    const told = (done: number) => ({ step: STEPS[done] ?? '', done, of: STEPS.length });
    yield told(0);
    const { name, files, source } = await this.#read(input, call);
    yield told(1);
    const template = await templateOf(name, files);
    const { refuseSecrets } = await import('@labmesh/projects/rules');
    await refuseSecrets(files, { what: `the template ${name}`, signal: call.signal });
    if (await this.shelf.isInstalled(name))
      throw new AppError(
        'conflict',
        `Cannot publish ${name}: a template of the installation has this name. Rename it.`,
      );
    yield told(2);
    tryOut(template, call.principal.walletId);
    const answer = { template: describeTemplate({ template, source }), sha256: template.sha256 };
    if (input.dryRun === true) return { ...answer, published: false };
    yield told(3);
    const { version } = template.form;
    const archive = await packArchive(files);
    const row = { name, version, sha256: template.sha256, source, publishedBy: call.principal.walletId, archive };
    const published = await this.published.add(row);
    if (input.uploadId !== undefined) await this.blobs.uploads.remove(input.uploadId).catch(() => undefined);
    return { ...answer, published };
  }

  async #read(
    { uploadId, git }: Input,
    call: Call,
  ): Promise<{ name: string; files: ProjectFile[]; source: TemplateSource }> {
    const by = { by: call.principal.walletId, at: new Date().toISOString() };
    if (git !== undefined) {
      const place = { url: git.url, ref: git.commit, folder: git.folder };
      const purpose = { hosts: this.config.templateHosts, limits: TEMPLATE_LIMITS, ...FROM_GIT };
      const { files } = await filesFromGit(place, purpose, call.signal);
      checkedFiles(files);
      const last =
        (git.folder ?? '').split('/').filter(Boolean).at(-1) ??
        new URL(git.url).pathname.split('/').filter(Boolean).at(-1);
      const name = nameIn(files) ?? (last ?? '').replace(/\.git$/, '');
      return { name, files, source: { kind: 'git', url: git.url, commit: git.commit, ...by } };
    }
    const files = await this.#uploaded(uploadId ?? '', call);
    const around = wrapperOf(files);
    const inside =
      around === undefined ? files : files.map((file) => ({ ...file, path: file.path.slice(around.length + 1) }));
    const name = nameIn(inside) ?? around;
    if (name === undefined)
      throw new AppError(
        'invalid_input',
        'Cannot publish the template: it has no name. Pack its folder (tar -czf it.tar.gz my-template), or give "name" in template.json.',
      );
    return { name, files: inside, source: { kind: 'published', ...by } };
  }

  async #uploaded(uploadId: string, { principal }: Call): Promise<ProjectFile[]> {
    const { uploads } = this.blobs;
    const found = await uploads.find(uploadId, principal.walletId);
    if (found !== undefined && found.bytes > ARCHIVE_BYTES_MAX)
      throw new AppError('too_large', `Cannot read the upload: it has more than ${ARCHIVE_BYTES_MAX} bytes.`);
    return unpackArchive(await uploads.open(uploadId, principal.walletId));
  }
}

/** The one folder around everything, when there is no template.json outside of it. */
function wrapperOf(files: readonly ProjectFile[]): string | undefined {
  const first = files[0]?.path.split('/')[0];
  if (first === undefined || files.some(({ path }) => !path.startsWith(`${first}/`))) return undefined;
  return first;
}

function nameIn(files: readonly ProjectFile[]): string | undefined {
  const form = files.find(({ path }) => path === 'template.json');
  try {
    const { name } = JSON.parse(textOf(form?.bytes ?? Buffer.of()) ?? '') as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** What cannot be made is not published. */
function tryOut(template: Template, owner: string): void {
  const secrets = templateSecrets(template);
  const entries = Object.entries(template.form.inputs.properties)
    .filter(([name]) => !secrets.has(name))
    .map(([name, property]) => [name, sampleOf(property)] as const);
  projectFiles(template, {
    projectId: 'prj_00000000-0000-7000-8000-000000000000',
    name: 'trial',
    owner,
    labUrl: 'http://127.0.0.1:3000',
    inputs: Object.fromEntries(entries),
  });
}

function sampleOf(property: InputProperty): InputValue {
  if (property.default !== undefined) return property.default;
  if (property.type === 'boolean') return true;
  return property.enum?.[0] ?? property.examples?.[0] ?? (property.type === 'string' ? 'example' : 1);
}
