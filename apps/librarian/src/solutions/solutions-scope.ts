// What a search among logged solutions sees of the knowledge base.
import { LAB_SCOPE, type Scope } from '../corpus/corpus.js';
import { SOLUTIONS } from './solution.js';

/** Solutions alone. */
export const SOLUTIONS_SCOPE: Scope = { ...LAB_SCOPE, counts: ({ collection }) => collection === SOLUTIONS };
