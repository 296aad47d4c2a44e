// The door of @labmesh/transparency: what makes a log checkable by those who do not trust its keeper. It stores nothing.
export { canonicalHash, canonicalJson } from './canonical-json.js';
export {
  openCheckpoint,
  parseVerifierKey,
  signCheckpoint,
  type VerifierKey,
  verifierKeyText,
} from './checkpoint.js';
export {
  EMPTY_ROOT,
  entryHash,
  Frontier,
  HASH_BYTES,
  leafHash,
  nodeHash,
  perfectSubtrees,
  rootOf,
  type Subtree,
} from './merkle-tree.js';
export {
  consistencyProof,
  type InclusionClaim,
  inclusionProof,
  isGrownFrom,
  isIncluded,
  rootAt,
  type SubtreeSource,
  type TreeHead,
} from './proofs.js';
