// What a sentence encoder is, by the settings beside its weights. What LabMesh cannot run exactly is refused here, never guessed.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

/** Largest of its files, and what they take together, bytes: an encoder of the size of BERT-base at 32 bits has some 440 MB. */
export const MODEL_BYTES_MAX = 640 * 1024 * 1024;
const SETTINGS_BYTES_MAX = 1024 * 1024;
const VOCABULARY_BYTES_MAX = 16 * 1024 * 1024;
/** Longer texts are cut: a passage never has as many. */
const TOKENS_MAX = 512;

/** The files of an encoder, by their place in its folder: how many bytes each may have, and whether it must be there. */
export const MODEL_FILES = {
  'config.json': { bytesMax: SETTINGS_BYTES_MAX, required: true },
  'model.safetensors': { bytesMax: MODEL_BYTES_MAX, required: true },
  'vocab.txt': { bytesMax: VOCABULARY_BYTES_MAX, required: true },
  'tokenizer_config.json': { bytesMax: SETTINGS_BYTES_MAX, required: false },
  'sentence_bert_config.json': { bytesMax: SETTINGS_BYTES_MAX, required: false },
  'config_sentence_transformers.json': { bytesMax: SETTINGS_BYTES_MAX, required: false },
  'modules.json': { bytesMax: SETTINGS_BYTES_MAX, required: false },
  '1_Pooling/config.json': { bytesMax: SETTINGS_BYTES_MAX, required: false },
} as const;
export type ModelFile = keyof typeof MODEL_FILES;
export const MODEL_FILE_NAMES = Object.keys(MODEL_FILES) as ModelFile[];

const SUPPORTED =
  'BERT sentence encoders with absolute positions, such as all-MiniLM-L6-v2: config.json with "model_type": "bert", model.safetensors, vocab.txt; pooling by mean or cls, and no layers behind it';

const size = (max: number) => z.int().min(1).max(max);
const Config = z.object({
  model_type: z.literal('bert'),
  hidden_size: size(2_048),
  intermediate_size: size(16_384),
  num_hidden_layers: size(48),
  num_attention_heads: size(64),
  vocab_size: size(1_000_000),
  max_position_embeddings: size(8_192),
  type_vocab_size: size(16),
  hidden_act: z.enum(['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu']),
  layer_norm_eps: z.number().positive().max(0.1),
  position_embedding_type: z.literal('absolute').default('absolute'),
  is_decoder: z.literal(false).default(false),
  embedding_size: z.undefined().optional(),
});

const Pooling = z.object({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
  pooling_mode_max_tokens: z.literal(false).default(false),
  pooling_mode_mean_sqrt_len_tokens: z.literal(false).default(false),
  pooling_mode_weightedmean_tokens: z.literal(false).default(false),
  pooling_mode_lasttoken: z.literal(false).default(false),
});

const Modules = z.array(z.object({ type: z.string(), path: z.string() })).max(10);
const TokenizerSettings = z.object({
  do_lower_case: z.boolean().default(true),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().default(true),
  do_basic_tokenize: z.literal(true).default(true),
  unk_token: z.string().default('[UNK]'),
  cls_token: z.string().default('[CLS]'),
  sep_token: z.string().default('[SEP]'),
  model_max_length: z.number().optional(),
});
const Prompts = z.object({ prompts: z.record(z.string(), z.string().max(1_000)).default({}) });

export interface EncoderSpec {
  readonly hidden: number;
  readonly intermediate: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly types: number;
  readonly activation: 'gelu' | 'gelu-tanh' | 'relu';
  readonly epsilon: number;
  readonly pooling: 'mean' | 'cls';
  /** With those that begin and end a text. */
  readonly tokensMax: number;
  /** Put before what is encoded, as the encoder was trained with it. */
  readonly prompts: { readonly question: string; readonly passage: string };
  readonly tokenizer: TokenizerSpec;
}

export interface TokenizerSpec {
  readonly lowerCase: boolean;
  /** Null: as lower case says. */
  readonly stripAccents: boolean | null;
  readonly splitChinese: boolean;
  readonly unknown: string;
  readonly begin: string;
  readonly end: string;
}

export type SettingsFiles = Readonly<Partial<Record<ModelFile, string>>>;

/** @throws AppError unsupported_format, naming what is not supported and what is; invalid_input for files that are no such settings */
export function encoderSpecOf(files: SettingsFiles): EncoderSpec {
  const config = read(Config, files, 'config.json');
  if (config.hidden_size % config.num_attention_heads !== 0)
    throw unsupported(
      `config.json: ${config.hidden_size} dimensions are no multiple of ${config.num_attention_heads} heads`,
    );
  assertModules(files);
  const pooling = read(Pooling, files, '1_Pooling/config.json', { pooling_mode_mean_tokens: true });
  if (pooling.pooling_mode_cls_token === pooling.pooling_mode_mean_tokens)
    throw unsupported('1_Pooling/config.json: pooling is not by one of mean and cls');
  const tokenizer = read(TokenizerSettings, files, 'tokenizer_config.json', {});
  const { max_seq_length: most } = read(
    z.object({ max_seq_length: z.int().min(8).nullish() }),
    files,
    'sentence_bert_config.json',
    {},
  );
  const { prompts } = read(Prompts, files, 'config_sentence_transformers.json', {});
  return {
    hidden: config.hidden_size,
    intermediate: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    vocabulary: config.vocab_size,
    positions: config.max_position_embeddings,
    types: config.type_vocab_size,
    activation: config.hidden_act === 'gelu' || config.hidden_act === 'relu' ? config.hidden_act : 'gelu-tanh',
    epsilon: config.layer_norm_eps,
    pooling: pooling.pooling_mode_cls_token ? 'cls' : 'mean',
    tokensMax: Math.min(
      most ?? TOKENS_MAX,
      config.max_position_embeddings,
      Math.max(8, Math.floor(tokenizer.model_max_length ?? TOKENS_MAX)),
      TOKENS_MAX,
    ),
    prompts: {
      question: prompts.query ?? '',
      passage: prompts.passage ?? prompts.document ?? '',
    },
    tokenizer: {
      lowerCase: tokenizer.do_lower_case,
      stripAccents: tokenizer.strip_accents ?? null,
      splitChinese: tokenizer.tokenize_chinese_chars,
      unknown: tokenizer.unk_token,
      begin: tokenizer.cls_token,
      end: tokenizer.sep_token,
    },
  };
}

/** By the order that sentence-transformers gives: encoder, pooling, and at most its length made 1. */
function assertModules(files: SettingsFiles): void {
  const modules = read(Modules, files, 'modules.json', []).map(({ type }) => type.split('.').at(-1) ?? '');
  const expected = ['Transformer', 'Pooling', 'Normalize'];
  if (modules.some((type, at) => type !== expected[at]))
    throw unsupported(`modules.json: ${modules.join(', ')} in place of ${expected.join(', ')}`);
  if (modules.includes('Pooling') && files['1_Pooling/config.json'] === undefined)
    throw unsupported('modules.json names a pooling, and 1_Pooling/config.json is not there');
}

function read<T extends z.ZodType>(schema: T, files: SettingsFiles, name: ModelFile, without?: unknown): z.output<T> {
  const text = files[name];
  if (text === undefined && without === undefined)
    throw new AppError('invalid_input', `Cannot take the model: it has no ${name}. What works: ${SUPPORTED}.`);
  let json: unknown = without;
  try {
    if (text !== undefined) json = JSON.parse(text);
  } catch {
    throw new AppError('invalid_input', `Cannot take the model: ${name} is no JSON.`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw unsupported(`${name}: ${z.prettifyError(parsed.error).slice(0, 500)}`);
}

const unsupported = (why: string): AppError =>
  new AppError('unsupported_format', `Cannot take the model. ${why}. What works: ${SUPPORTED}.`);
