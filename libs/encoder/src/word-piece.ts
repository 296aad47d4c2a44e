// Texts as ids of tokens, as BERT does it: cleaned, split at white space, punctuation and Chinese characters, then the longest pieces
// of the vocabulary. Everything in a text is text: what looks like a mark of the encoder's is none.
import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '@labmesh/contracts';
import type { EncoderSpec } from './encoder-spec.js';

/** Longer words are unknown as they are. */
const WORD_CHARACTERS_MAX = 100;
/** A token is at least this share of a character: what lies behind is cut before it is split. */
const CHARACTERS_PER_TOKEN_MAX = 24;

/** What tokenizing needs, as it is kept beside the graph. */
export interface WordPieceModel {
  readonly vocabulary: readonly string[];
  readonly lowerCase: boolean;
  readonly stripAccents: boolean | null;
  readonly splitChinese: boolean;
  readonly unknown: string;
  readonly begin: number;
  readonly end: number;
  readonly tokensMax: number;
}

/** @throws AppError invalid_input for a vocabulary that does not fit the model */
export function wordPieceModelOf(spec: EncoderSpec, vocabularyFile: string): WordPieceModel {
  const lines = vocabularyFile.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > spec.vocabulary) throw refusal(`it has ${lines.length} tokens, and the model ${spec.vocabulary}`);
  const { unknown, begin, end, lowerCase, stripAccents, splitChinese } = spec.tokenizer;
  const idOf = (token: string): number => {
    const id = lines.indexOf(token);
    if (id === -1) throw refusal(`it has no ${token}`);
    return id;
  };
  idOf(unknown);
  return {
    vocabulary: lines,
    ...{ lowerCase, stripAccents, splitChinese, unknown },
    begin: idOf(begin),
    end: idOf(end),
    tokensMax: spec.tokensMax,
  };
}

export class WordPiece {
  readonly #tokenizer: Tokenizer;

  constructor(private readonly model: WordPieceModel) {
    const { vocabulary, lowerCase, stripAccents, splitChinese, unknown } = model;
    // A Map, as the library takes it too: a token may be named like a property of every object.
    const vocab = Object.assign(
      Object.create(null) as object,
      Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    );
    this.#tokenizer = new Tokenizer(
      {
        version: '1.0',
        added_tokens: [],
        normalizer: {
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: splitChinese,
          strip_accents: stripAccents,
          lowercase: lowerCase,
        },
        pre_tokenizer: { type: 'BertPreTokenizer' },
        post_processor: null,
        decoder: null,
        model: {
          type: 'WordPiece',
          unk_token: unknown,
          continuing_subword_prefix: '##',
          max_input_chars_per_word: WORD_CHARACTERS_MAX,
          vocab,
        },
      },
      {},
    );
  }

  /** With those that begin and end a text; cut at the most that the encoder takes. */
  ids(text: string): number[] {
    const { tokensMax, begin, end } = this.model;
    const beginning = text.slice(0, tokensMax * CHARACTERS_PER_TOKEN_MAX);
    const { ids } = this.#tokenizer.encode(beginning, { add_special_tokens: false });
    return [begin, ...ids.slice(0, tokensMax - 2), end];
  }
}

const refusal = (why: string): AppError => new AppError('invalid_input', `Cannot take vocab.txt: ${why}.`);
