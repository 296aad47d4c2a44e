// Which parts of a page a caller has: a part is there when the lab lists the tool that it needs.
import { useMemo } from 'react';
import type { ToolInfo } from './connection.js';
import { useLab } from './lab.js';

/** Tools by the parts that need them. */
type PartTools = Readonly<Record<string, string>>;
type PartOf<T extends PartTools> = keyof T & string;

export type Named = readonly Pick<ToolInfo, 'name'>[];

export function partsIn<T extends PartTools>(needed: T, tools: Named): ReadonlySet<PartOf<T>> {
  const names = new Set(tools.map(({ name }) => name));
  return new Set((Object.keys(needed) as PartOf<T>[]).filter((part) => names.has(needed[part] ?? '')));
}

/** Of a page's views those whose part this caller has. */
export function viewsIn<V extends { readonly needs: string }, T extends PartTools>(
  views: readonly V[],
  needed: T,
  tools: Named,
): readonly V[] {
  const parts: ReadonlySet<string> = partsIn(needed, tools);
  return views.filter(({ needs }) => parts.has(needs));
}

/** Of these, inside of LabReady only. */
export function usePartsIn<T extends PartTools>(needed: T): ReadonlySet<PartOf<T>> {
  const { tools } = useLab();
  return useMemo(() => partsIn(needed, tools), [needed, tools]);
}
