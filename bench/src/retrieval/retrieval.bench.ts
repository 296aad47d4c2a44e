// `npm run bench -- retrieval`: how well the search ranks public collections, and what an index of many passages takes.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Converted, convertElsewhere, EncoderThread } from '@labmesh/encoder';
import { labelledFiles } from '../labelled-files.js';
import { atLeast, atMost, type BenchResult, type Figure, type Floor, result, round } from '../report.js';
import type { AskingFigures, IndexingFigures } from './measured-child.js';
import { type Quality, qualityOn } from './ranking-quality.js';

/** nDCG@10 that a collection must reach. */
const QUALITY_MIN: Readonly<Record<string, number>> = { cranfield: 0.41, adi: 0.48 };
const SIZES = [
  { passages: 10_000, p50MsMax: 8 },
  { passages: 300_000, p50MsMax: 40 },
];
/** The index alone, and documents with whole answers as the Librarian has them. */
const CHILDREN = { index: './indexing-child.js', librarian: './corpus-child.js' } as const;
type Child = keyof typeof CHILDREN;
const RSS_MB_MAX = 800;
const PASSAGES_PER_SECOND_MIN = 2_000;

export interface RetrievalOptions {
  readonly data: string | undefined;
  readonly model: string | undefined;
}

export async function retrievalBench({ data, model }: RetrievalOptions): Promise<BenchResult> {
  const files = await labelledFiles('retrieval', '.json', data);
  const qualities = await qualitiesOf(files.paths, model);
  const sizes = [];
  for (const child of Object.keys(CHILDREN) as Child[])
    for (const size of SIZES) sizes.push({ child, ...size, ...(await measured(size.passages, child)) });
  const figures: Figure[] = [
    ...qualities.map(({ name, documents, questions, ndcg, ndcgWithoutFeedback, ndcgWithModel }) => ({
      case: name,
      values: {
        passages: documents,
        questions,
        'nDCG@10': round(ndcg),
        'without feedback': round(ndcgWithoutFeedback),
        ...(ndcgWithModel === undefined ? {} : { 'with the model': round(ndcgWithModel) }),
      },
    })),
    ...sizes.map(({ child, passages, indexed, asked, folderMb }) => ({
      case: `${passages} synthetic passages, ${child}`,
      values: {
        passages,
        'passages/s': round(indexed.passagesPerSecond),
        'CPU us/passage': round(indexed.cpuMicrosPerPassage),
        'p50 ms': round(asked.p50Ms),
        'p99 ms': round(asked.p99Ms),
        'CPU ms': round(asked.cpuMsPerQuestion),
        'RSS MB indexing': round(indexed.rssBytes / 1e6),
        'RSS MB asking': round(asked.rssBytes / 1e6),
        'on disk MB': round(folderMb),
        'open ms': round(asked.openMs),
      },
    })),
  ];
  const floors: Floor[] = [
    ...qualities.flatMap(({ name, ndcg }) => {
      const least = QUALITY_MIN[name];
      return least === undefined ? [] : [atLeast(`nDCG@10 of ${name}`, round(ndcg), least)];
    }),
    ...qualities.flatMap(({ name, ndcg, ndcgWithModel }) =>
      ndcgWithModel === undefined
        ? []
        : [atLeast(`nDCG@10 of ${name} with the model, beside words alone`, round(ndcgWithModel), round(ndcg))],
    ),
    ...sizes.flatMap(({ child, passages, p50MsMax, indexed, asked }) => [
      atMost(`median of a question to ${passages} passages, ms, ${child}`, round(asked.p50Ms), p50MsMax),
      atLeast(
        `passages taken a second, of ${passages}, ${child}`,
        round(indexed.passagesPerSecond),
        PASSAGES_PER_SECOND_MIN,
      ),
      atMost(
        `resident MB with ${passages}, ${child}`,
        round(Math.max(indexed.rssBytes, asked.rssBytes) / 1e6),
        RSS_MB_MAX,
      ),
    ]),
  ];
  return result('retrieval', figures, floors, files.notes);
}

/** @param model a folder with a sentence encoder, which ranks beside words */
async function qualitiesOf(paths: readonly string[], model: string | undefined): Promise<Quality[]> {
  const qualities: Quality[] = [];
  if (model === undefined) {
    for (const path of paths) qualities.push(await qualityOn(path));
    return qualities;
  }
  const converted = await convertedFrom(model);
  await using thread = new EncoderThread(converted);
  const { dimensions, prompts } = converted.card;
  for (const path of paths) qualities.push(await qualityOn(path, { thread, dimensions, prompts }));
  return qualities;
}

/** What is made lies beside the files that it is made of: of a copy, since the folder is somebody's own. */
async function convertedFrom(model: string): Promise<Converted> {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-bench-model-'));
  try {
    await cp(model, folder, { recursive: true });
    return await convertElsewhere(folder, { tell: () => undefined, signal: new AbortController().signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(passages: number, child: Child) {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-bench-retrieval-'));
  try {
    const indexed = await inChild<IndexingFigures>(CHILDREN[child], ['index', folder, String(passages)]);
    const files = await readdir(folder, { recursive: true });
    const sizes = files.map(async (name) => (await stat(join(folder, name))).size);
    const folderMb = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1e6;
    return { indexed, folderMb, asked: await inChild<AskingFigures>(CHILDREN[child], ['ask', folder]) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inChild<T>(program: string, args: readonly string[]): Promise<T> {
  const child = fork(new URL(program, import.meta.url), [...args], { stdio: 'inherit' });
  const told = once(child, 'message');
  const [code] = (await Promise.race([once(child, 'exit'), told.then(() => [0])])) as [number];
  if (code !== 0) throw new Error(`The process that indexes ended with ${code}`);
  const [figures] = (await told) as [T];
  return figures;
}
