// The door of @labmesh/encoder: sentence encoders that people bring, as graphs in a thread, and what came of them compared.
export type { ConversionStep, Converted, EncoderCard } from './conversion.js';
export { convertElsewhere } from './conversion-elsewhere.js';
export { MODEL_FILE_NAMES, MODEL_FILES, type ModelFile } from './encoder-spec.js';
export { type EncoderModel, EncoderThread } from './encoder-thread.js';
export { fusedScores, WORDS_SHARE } from './fusion.js';
export { MODEL_ARCHIVE_BYTES_MAX, type PackedFile, packModel, unpackModel } from './model-archive.js';
export { cosineOf, packed, unpacked, type Vectors } from './vector.js';
export type { WordPieceModel } from './word-piece.js';
