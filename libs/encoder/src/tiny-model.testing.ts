// A small BERT encoder of random weights, written as sentence-transformers writes one: for tests. What it encodes means nothing.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('');

export interface TinyOptions {
  readonly seed?: number;
  readonly layers?: number;
  readonly hidden?: number;
  readonly pooling?: 'mean' | 'cls';
  readonly dtype?: 'F32' | 'F16' | 'BF16';
  readonly words?: readonly string[];
  readonly lowerCase?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface NamedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Numbers from -1 to 1 that follow from the seed. Source: mulberry32, T. Ettinger, 2017. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

export const tinyVocabulary = (words: readonly string[] = []): string[] => [
  ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
  ...LETTERS,
  ...LETTERS.map((letter) => `##${letter}`),
  ...['.', ',', '?', '!', '-', '#', '>', ':', "'", '東', '京'],
  ...words,
];

/** All files by their names. */
export function tinyModel(options: TinyOptions = {}): Record<string, Uint8Array> {
  const {
    seed = 1,
    layers = 2,
    hidden = 32,
    pooling = 'mean',
    dtype = 'F32',
    words,
    lowerCase = true,
    config = {},
  } = options;
  const vocabulary = tinyVocabulary(words);
  const settings = {
    ...{ model_type: 'bert', architectures: ['BertModel'], hidden_size: hidden, intermediate_size: hidden * 2 },
    ...{
      num_hidden_layers: layers,
      num_attention_heads: 4,
      vocab_size: vocabulary.length,
      max_position_embeddings: 64,
    },
    ...{ type_vocab_size: 2, hidden_act: 'gelu', layer_norm_eps: 1e-12, ...config },
  };
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  return {
    'config.json': json(settings),
    'vocab.txt': Buffer.from(`${vocabulary.join('\n')}\n`),
    'tokenizer_config.json': json({ do_lower_case: lowerCase }),
    'modules.json': json(
      ['Transformer', 'Pooling', 'Normalize'].map((type, at) => ({
        ...{ idx: at, name: String(at), path: ['', '1_Pooling', '2_Normalize'][at] },
        type: `sentence_transformers.models.${type}`,
      })),
    ),
    '1_Pooling/config.json': json({
      word_embedding_dimension: hidden,
      pooling_mode_cls_token: pooling === 'cls',
      pooling_mode_mean_tokens: pooling === 'mean',
    }),
    'model.safetensors': safetensorsOf(tensors({ seed, layers, hidden, vocabulary: vocabulary.length, dtype })),
  };
}

export async function writeTinyModel(folder: string, options: TinyOptions = {}): Promise<string> {
  for (const [name, bytes] of Object.entries(tinyModel(options))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

function tensors(given: {
  seed: number;
  layers: number;
  hidden: number;
  vocabulary: number;
  dtype: string;
}): NamedTensor[] {
  const { layers, hidden, vocabulary, dtype } = given;
  const next = noise(given.seed);
  const made: NamedTensor[] = [];
  const add = (name: string, shape: number[], value: () => number): void => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value);
    made.push({ name, dtype, shape, bytes: bytesOf(values, dtype) });
  };
  const dense = (name: string, outputs: number, inputs: number): void => {
    add(`${name}.weight`, [outputs, inputs], () => next() / Math.sqrt(inputs));
    add(`${name}.bias`, [outputs], () => next() * 0.1);
  };
  const norm = (name: string): void => {
    add(`${name}.weight`, [hidden], () => 1 + next() * 0.2);
    add(`${name}.bias`, [hidden], () => next() * 0.1);
  };
  add('embeddings.word_embeddings.weight', [vocabulary, hidden], next);
  add('embeddings.position_embeddings.weight', [64, hidden], () => next() * 0.1);
  add('embeddings.token_type_embeddings.weight', [2, hidden], () => next() * 0.1);
  norm('embeddings.LayerNorm');
  for (let at = 0; at < layers; at += 1) {
    const of = `encoder.layer.${at}`;
    for (const part of ['query', 'key', 'value']) dense(`${of}.attention.self.${part}`, hidden, hidden);
    dense(`${of}.attention.output.dense`, hidden, hidden);
    norm(`${of}.attention.output.LayerNorm`);
    dense(`${of}.intermediate.dense`, hidden * 2, hidden);
    dense(`${of}.output.dense`, hidden, hidden * 2);
    norm(`${of}.output.LayerNorm`);
  }
  return made;
}

function bytesOf(values: Float32Array, dtype: string): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer);
  const bits = new Uint32Array(values.buffer);
  if (dtype === 'BF16') return new Uint8Array(Uint16Array.from(bits, (each) => each >>> 16).buffer);
  // Normal numbers alone; what is smaller becomes 0.
  const half = Uint16Array.from(bits, (each) => {
    const exponent = ((each >>> 23) & 0xff) - 127 + 15;
    if (exponent <= 0) return 0;
    return ((each >>> 16) & 0x8000) | (exponent << 10) | ((each >>> 13) & 0x3ff);
  });
  return new Uint8Array(half.buffer);
}

/** @param header changes the header before it is written, for files that are wrong */
export function safetensorsOf(
  made: readonly NamedTensor[],
  header: (header: Record<string, unknown>) => unknown = (same) => same,
): Uint8Array {
  let at = 0;
  const entries = made.map(({ name, dtype, shape, bytes }) => {
    const from = at;
    at += bytes.byteLength;
    return [name, { dtype, shape, data_offsets: [from, at] }] as const;
  });
  const text = Buffer.from(JSON.stringify(header({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) })));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.byteLength));
  return Buffer.concat([length, text, ...made.map(({ bytes }) => bytes)]);
}
