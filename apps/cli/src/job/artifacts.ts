// `labmesh job artifacts`: what a job left, listed or taken along, each file checked against its hash.
import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { AppError, mechanic } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { writeChecked } from '../dataset/file-writer.js';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import { bytesText, countText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

type Artifact = z.output<typeof mechanic.tools.list_artifacts.output>['artifacts'][number];
type Kind = 'artifact' | 'checkpoint';

const PAGE_MAX = 1_000;

interface ArtifactOptions {
  readonly output?: string;
  readonly checkpoints?: boolean;
  readonly limit: number;
}

export function addArtifacts(group: Command, session: Session): void {
  const command = group
    .command('artifacts')
    .description('the files that a job left')
    .argument('<job>', 'its id, as ls has it')
    .argument('[paths...]', 'which of them; all when left out')
    .option('-o, --output <folder>', 'write them there')
    .option('--checkpoints', 'its checkpoints instead')
    .option('--limit <count>', 'how many', wholeNumber, 100);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nA file is put in its place when its SHA-256 is right, and not before.\n\nExamples:\n  npx @labmesh/cli job artifacts job_…\n  npx @labmesh/cli job artifacts job_… -o results\n  npx @labmesh/cli job artifacts job_… artifacts/model.pt -o .',
    )
    .action((jobId: string, paths: string[], options: ArtifactOptions) =>
      session.run(command, async (work) => {
        const kind = options.checkpoints === true ? 'checkpoint' : 'artifact';
        const { rows, rest } = await gathered({ wanted: options.limit, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await work.lab.use(mechanic, 'list_artifacts', { jobId, kind, limit, cursor });
          return { rows: page.artifacts, nextCursor: page.nextCursor };
        });
        const artifacts = chosen(rows, paths);
        if (options.output !== undefined) await save(work, { jobId, kind, artifacts }, options.output);
        else show(work, artifacts, rest);
        if (rest.nextCursor !== undefined) work.output.note(`There are more: --limit ${options.limit * 2}`);
      }),
    );
}

/** @throws AppError not_found for a path that the job did not leave */
function chosen(artifacts: readonly Artifact[], paths: readonly string[]): readonly Artifact[] {
  if (paths.length === 0) return artifacts;
  return paths.map((path) => {
    const found = artifacts.find((artifact) => artifact.path === path);
    if (found === undefined)
      throw new AppError('not_found', `Cannot find ${path}: the job left no such file. Without paths all are listed.`);
    return found;
  });
}

function show({ output }: Work, artifacts: readonly Artifact[], rest: object): void {
  output.answer({ artifacts, ...rest }, () => {
    if (artifacts.length === 0) return output.note('It left no file. What a job writes under artifacts/ is kept.');
    output.table(
      ['FILE', 'SIZE', 'SHA-256', 'ATTEMPT', 'KEPT UNTIL'],
      artifacts.map(({ path, bytes, sha256, attempt, expiresAt }) => [
        { text: path, style: 'bold' },
        bytesText(bytes),
        `${sha256.slice(0, 12)}…`,
        attempt,
        expiresAt ?? 'it has ended and longer',
      ]),
    );
  });
}

async function save(
  work: Work,
  { jobId, kind, artifacts }: { jobId: string; kind: Kind; artifacts: readonly Artifact[] },
  folder: string,
): Promise<void> {
  const { lab, output, host } = work;
  const into = resolve(host.cwd, folder);
  const files: string[] = [];
  for (const { path, bytes, sha256 } of artifacts) {
    const target = resolve(into, path);
    if (!target.startsWith(into + sep))
      throw new AppError('internal', `Cannot write ${path}: it lies outside of ${into}.`);
    const { link } = await lab.use(mechanic, 'get_artifact', { jobId, path, kind });
    await mkdir(dirname(target), { recursive: true });
    const bar = await output.transfer(bytes, path);
    try {
      await writeChecked((from) => lab.blob(link.blobId, from), { path: target, sha256, bytes }, bar.at);
    } finally {
      bar.end();
    }
    files.push(target);
  }
  output.answer({ files }, () => {
    for (const file of files) output.line(file);
  });
  output.note(`${countText(files.length, 'file')}, their SHA-256 is right.`);
}
