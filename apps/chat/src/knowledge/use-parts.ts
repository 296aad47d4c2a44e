// Which parts of Knowledge this caller has.
import { usePartsIn } from '../mcp/parts.js';
import { type Part, TOOLS } from './views.js';

export const useParts = (): ReadonlySet<Part> => usePartsIn(TOOLS);
