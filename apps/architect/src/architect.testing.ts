// The Architect's domain on a database, a disk and a place for bytes of its own, as the module wires it: for specs. The Sentinel is the one
// thing that is not real here: it seals by turning letters round, and its keys open nothing.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobReferences, openBlobs } from '@labmesh/blobs';
import {
  AppError,
  type architect,
  type Call,
  ROLE_PERMISSIONS,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { packArchive, type ProjectFile } from '@labmesh/projects';
import { v7 as uuidv7 } from 'uuid';
import type { GitHost } from '@labmesh/projects/git';
import { ProjectArchives } from './projects/project-archives.js';
import { ProjectFolders } from './projects/project-folders.js';
import { ProjectKeys } from './projects/project-keys.js';
import { ProjectMaking } from './projects/project-making.js';
import { ProjectSecrets } from './projects/project-secrets.js';
import { ProjectUpdates } from './projects/project-updates.js';
import { Projects } from './projects/projects.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { PublishedTemplates } from './templates/published.repository.js';
import { Publishing } from './templates/publishing.js';
import { Shelf, type Shelved } from './templates/shelf.js';
import { templateOf } from './templates/template.js';

type Tools = typeof architect.tools;

export const PUBLIC_URL = 'http://127.0.0.1:3000';
/** Seen in a file or row, it has leaked. */
export const TOKEN = 'lmk_0000000000000000000000000000000000abcd';
/** A key that finds tools. */
export const NEXT_TOKEN = 'lmk_0000000000000000000000000000000000efgh';

export interface BedOptions {
  readonly installed?: readonly Promise<Shelved>[];
  readonly hosts?: readonly GitHost[];
  /** False: the lab keeps no folders. */
  readonly folders?: boolean;
}

/** The lab's folder is removed when the process ends its suite. */
export async function architectOn(database: Database, { installed = [], hosts = [], folders = true }: BedOptions = {}) {
  const home = await mkdtemp(join(tmpdir(), 'labmesh-architect-'));
  const blobs = await openBlobs({ folder: join(home, 'blobs') });
  const references = new BlobReferences({ database, store: blobs.of('architect'), agent: 'architect' });
  const config = { home, publicUrl: PUBLIC_URL, natsUrl: folders ? undefined : 'nats://none' };
  const settings = { projectsFolder: undefined, templatesFolder: undefined, templateHosts: hosts };
  const keysMade = new Map<string, 'good' | 'withdrawn'>();
  const published = new PublishedTemplates(database, references);
  const shelf = new Shelf(() => Promise.all(installed), published);
  const repository = new ProjectsRepository(database, references);
  const places = new ProjectFolders(settings, config);
  const archives = new ProjectArchives(blobs, references);
  const sealing = new ProjectSecrets({ request: sentinelSeals });
  const keys = new ProjectKeys({ of: () => sentinelKeys(keysMade) } as never, config);
  const making = new ProjectMaking(shelf, repository, places, archives, sealing, keys, config);
  const projects = new Projects(shelf, repository, places, archives, sealing, keys, config);
  const updates = new ProjectUpdates(projects, repository, shelf, places, archives, sealing, keys, config);
  const publishing = new Publishing(shelf, published, blobs, settings);
  return {
    ...{
      database,
      home,
      blobs,
      references,
      repository,
      places,
      archives,
      keys,
      keysMade,
      making,
      projects,
      updates,
      shelf,
      publishing,
    },
    async [Symbol.asyncDispose]() {
      await blobs.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
export type ArchitectBed = Awaited<ReturnType<typeof architectOn>>;

const turned = (text: string): string => [...text].reverse().join('');
const sentinelSeals = async (subject: string, input: unknown): Promise<unknown> => {
  const { secret = '', sealed = '', purpose } = input as { secret?: string; sealed?: string; purpose: string };
  if (subject.endsWith('seal_secret')) return { sealed: turned(`${purpose}\n${secret}`) };
  const [for_, opened] = turned(sealed).split('\n');
  if (for_ !== purpose) throw new AppError('conflict', 'It was sealed for something else.');
  return { secret: opened };
};
const sentinelKeys = (made: Map<string, 'good' | 'withdrawn'>) => ({
  generate_wallet_token: async ({ toolset }: { toolset: readonly string[] }) => {
    const tokenId = `cred_${uuidv7()}`;
    made.set(tokenId, 'good');
    if (toolset.includes('librarian_find_tool')) return { token: NEXT_TOKEN, tokenId };
    return { token: TOKEN, tokenId };
  },
  revoke_token: async ({ tokenId }: { tokenId: string }) => {
    made.set(tokenId, 'withdrawn');
    return { tokenIds: [tokenId] };
  },
});

type Asked = { readonly template: string } & Partial<ToolInput<Tools['instantiate_template']>>;

/** Somebody who calls. */
export function callerOn(bed: () => ArchitectBed, walletId = `wal_${uuidv7()}`) {
  const call = {
    principal: { walletId, role: 'operator', permissions: [...ROLE_PERMISSIONS.operator] },
    signal: new AbortController().signal,
  } as unknown as Call;
  const instantiate = (input: Asked) =>
    bed().making.instantiate({ name: 'study', inputs: {}, dryRun: false, ...input }, call);
  /** Makes it, and says what became of it. */
  const made = async (input: Asked) => {
    const answer = await instantiate(input);
    if (answer.project === null) throw new Error('nothing was made');
    return answer.project;
  };
  const upload = async (files: readonly ProjectFile[]): Promise<string> => {
    const { path } = bed().blobs.uploads.place as { path: string };
    const [id, bytes] = [`up${uuidv7().replaceAll('-', '')}`, await packArchive(files)];
    await mkdir(path, { recursive: true });
    await writeFile(join(path, id), bytes);
    await writeFile(join(path, `${id}.json`), JSON.stringify({ size: bytes.byteLength, metadata: { walletId } }));
    return id;
  };
  const publish = async (
    input: ToolInput<Tools['publish_template']>,
  ): Promise<ToolOutput<Tools['publish_template']>> => {
    const steps = bed().publishing.publish(input, call);
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
    }
  };
  const publishFiles = async (files: readonly ProjectFile[]) =>
    publish({ uploadId: await upload(files), dryRun: false });
  return { walletId, call, instantiate, made, upload, publish, publishFiles };
}

export const textFile = (path: string, text: string, executable = false): ProjectFile => ({
  ...{ path, bytes: Buffer.from(text), executable },
});

export interface StarterOptions {
  readonly name?: string;
  readonly version?: string;
  readonly tools?: readonly string[];
  readonly inputs?: object;
  readonly files?: readonly ProjectFile[];
}

/** The files of a template to try things with. */
export function starterFiles({
  name = 'starter',
  version = '1.0.0',
  tools = ['curator_fetch_dataset'],
  inputs = {},
  files = [],
}: StarterOptions = {}): ProjectFile[] {
  const form = {
    ...{ name, version, title: 'A starter', summary: 'Something to try templates with.', audience: 'Tests' },
    ...{ tools, inputs: { type: 'object', ...inputs }, next: ['./run.sh'] },
  };
  return [
    textFile('template.json', JSON.stringify(form)),
    textFile('README.md', '# A starter\n'),
    textFile('files/dot-gitignore', '.env\n'),
    textFile('files/dot-env.example', 'LABMESH_TOKEN_FILE=\n'),
    textFile('files/src/main.py.mustache', 'LAB = "{{lab.url}}"\nWALLET = "{{wallet.id}}"\n'),
    textFile('files/run.sh', '#!/bin/sh\nexec python src/main.py\n'),
    ...files,
  ];
}

/** Puts templates of a name of its own on the shelf, so that versions can come and go. */
export const publishingOn =
  (bed: () => ArchitectBed) =>
  async (name: string, ...versions: readonly StarterOptions[]): Promise<void> => {
    for (const version of versions) await callerOn(bed).publishFiles(starterFiles({ name, ...version }));
  };

export const starter = async (options: StarterOptions = {}): Promise<Shelved> => ({
  template: await templateOf(options.name ?? 'starter', starterFiles(options)),
  source: { kind: 'shipped' },
});
