// From the files of an encoder to a graph that runs here, checked against a plain forward pass and against itself at full precision.
// It takes seconds and several times the memory of the weights: `conversion-elsewhere.ts` does it beside the lab.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type EncoderSpec, encoderSpecOf, MODEL_FILE_NAMES, MODEL_FILES, type ModelFile } from './encoder-spec.js';
import { bertGraph, INPUT, OUTPUT } from './onnx/bert-graph.js';
import { forward } from './reference.js';
import { Safetensors } from './safetensors.js';
import { weightsOf } from './weights.js';
import { WordPiece, type WordPieceModel, wordPieceModelOf } from './word-piece.js';

/** A number of a vector may be so far from what the plain forward pass gives: both are sums of 32-bit numbers, in another order. */
const FLOAT_TOLERANCE = 1e-4;
/** Least cosine between a sentence at eight bits and the same at full precision. */
const INT8_COSINE_MIN = 0.99;

/** What the graphs are compared on. */
const SENTENCES = [
  'How do I start the pump?',
  'Solar flares are classified by their peak flux in X-rays between 0.1 and 0.8 nanometres.',
  'The job failed since the node ran out of memory; ask for more, or make the batch smaller.',
  'A wallet may stake $webxos on a proposal until the vote ends.',
  'naïve café, 東京, crème brûlée: accents and other letters!',
  'ERR_CONN-42',
] as const;
/** The plain forward pass is slow: these alone. */
const REFERENCE_SENTENCES = 3;

export interface EncoderCard {
  readonly dimensions: number;
  readonly tokensMax: number;
  readonly pooling: 'mean' | 'cls';
  readonly lowerCase: boolean;
  readonly parameters: number;
  readonly prompts: EncoderSpec['prompts'];
  /** Of the graph and of what tokenizes for it: the same hash gives the same vectors. */
  readonly sha256: string;
  /** Largest difference between the graph at full precision and the plain forward pass. */
  readonly floatDifference: number;
  /** Least cosine between the graph that is kept and the one at full precision. */
  readonly int8Cosine: number;
}

export interface Converted {
  readonly graph: Buffer;
  readonly tokenizer: WordPieceModel;
  readonly card: EncoderCard;
}

export interface ConversionStep {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

/**
 * @param tell called between steps
 * @param cosineMin another one for tests alone
 * @throws AppError unsupported_format, saying what is supported; invalid_input for files that are damaged; too_large
 */
export async function convert(
  folder: string,
  tell: (step: ConversionStep) => void = () => undefined,
  cosineMin = INT8_COSINE_MIN,
): Promise<Converted> {
  const step = (progress: number, message: string): void => tell({ progress, total: 6, message });
  step(0, 'Reading the model');
  const settings = await settingsIn(folder);
  const spec = encoderSpecOf(settings);
  const tokenizer = wordPieceModelOf(spec, settings['vocab.txt'] ?? '');
  const weights = weightsOf(new Safetensors(await contentOf(folder, 'model.safetensors')), spec);
  const pieces = new WordPiece(tokenizer);
  const texts = SENTENCES.map((sentence) => pieces.ids(sentence));
  step(1, 'Making the graph at full precision');
  const exact = await vectorsOf(bertGraph(spec, weights, 'float32'), texts);
  step(2, 'Comparing it with a plain forward pass');
  const plain = texts.slice(0, REFERENCE_SENTENCES).map((ids) => forward(spec, weights, ids));
  const floatDifference = Math.max(
    ...plain.flatMap((vector, at) => [...vector].map((value, i) => Math.abs(value - (exact[at]?.[i] ?? Number.NaN)))),
  );
  if (!(floatDifference <= FLOAT_TOLERANCE))
    throw refusal(`its graph differs from a plain forward pass by ${floatDifference}, and may by ${FLOAT_TOLERANCE}`);
  step(3, 'Making the graph at eight bits');
  const graph = bertGraph(spec, weights, 'int8');
  step(4, 'Comparing it with the one at full precision');
  const small = await vectorsOf(graph, texts);
  const int8Cosine = Math.min(...small.map((vector, at) => cosine(vector, exact[at])));
  if (!(int8Cosine >= cosineMin))
    throw refusal(
      `at eight bits its vectors differ too much: the least cosine of a sentence is ${int8Cosine.toFixed(4)}, and must be ${cosineMin}`,
    );
  step(5, 'The model is made');
  const parameters = weightCount(spec);
  const { hidden, pooling, tokensMax, prompts } = spec;
  const { lowerCase } = spec.tokenizer;
  const sha256 = createHash('sha256')
    .update(graph)
    .update(JSON.stringify([tokenizer, prompts]))
    .digest('hex');
  const card: EncoderCard = {
    dimensions: hidden,
    ...{ tokensMax, pooling, lowerCase, parameters, prompts, sha256, floatDifference, int8Cosine },
  };
  return { graph, tokenizer, card };
}

const refusal = (why: string): AppError => new AppError('unsupported_format', `Cannot take the model: ${why}.`);

async function vectorsOf(graph: Uint8Array, texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const session = await InferenceSession.create(graph, { executionProviders: ['cpu'], intraOpNumThreads: 1 });
  try {
    const vectors: Float32Array[] = [];
    for (const ids of texts) {
      const { [OUTPUT]: vector } = await session.run({
        [INPUT]: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
      });
      vectors.push(vector?.data as Float32Array);
    }
    return vectors;
  } finally {
    await session.release();
  }
}

const cosine = (a: Float32Array, b: Float32Array | undefined): number =>
  a.reduce((sum, value, i) => sum + value * (b?.[i] ?? Number.NaN), 0);

function weightCount({ vocabulary, positions, types, hidden, layers, intermediate }: EncoderSpec): number {
  const dense = 4 * (hidden * hidden + hidden) + 2 * hidden * intermediate + intermediate + hidden;
  return (vocabulary + positions + types + 2) * hidden + layers * (dense + 4 * hidden);
}

async function settingsIn(folder: string): Promise<Partial<Record<ModelFile, string>>> {
  const found: Partial<Record<ModelFile, string>> = {};
  for (const name of MODEL_FILE_NAMES) {
    if (name === 'model.safetensors') continue;
    const bytes = await contentOf(folder, name);
    if (bytes.byteLength > 0) found[name] = textOf(name, bytes);
  }
  return found;
}

/** Empty where it is not there and need not be. */
async function contentOf(folder: string, name: ModelFile): Promise<Buffer> {
  const { bytesMax } = MODEL_FILES[name];
  const file = await open(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) {
    if (name !== 'model.safetensors') return Buffer.alloc(0);
    throw new AppError(
      'invalid_input',
      'Cannot take the model: it has no model.safetensors. Weights of other forms, such as pytorch_model.bin, are not read.',
    );
  }
  try {
    const { size } = await file.stat();
    if (size > bytesMax)
      throw new AppError('too_large', `Cannot take the model: ${name} has ${size} bytes, and may have ${bytesMax}.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('invalid_input', `Cannot take the model: ${name} is no UTF-8.`);
  }
}
