// Which parts of Money this caller has.
import { useMemo } from 'react';
import { useLab } from '../mcp/lab.js';
import { type Part, partsFor } from './views.js';

export function useParts(): ReadonlySet<Part> {
  const { tools } = useLab();
  return useMemo(() => partsFor(tools), [tools]);
}
