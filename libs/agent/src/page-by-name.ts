// Pages of a list that is whole in memory. The cursor is the last name given, so what comes and goes between two pages
// neither hides nor repeats anything else.
import { AppError, type ResourceItem, type ResourceList, type ResourcePage } from '@labmesh/contracts';

/**
 * The part of `items` that `page` asks for, by name.
 * @throws AppError invalid_input for a cursor that no page gave
 */
export function pageByName<P>(items: ReadonlyArray<ResourceItem<P>>, page: ResourcePage): ResourceList<P> {
  const after = page.cursor === undefined ? undefined : unpack(page.cursor);
  const rest = items
    .filter(({ name }) => after === undefined || name > after)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const part = rest.slice(0, page.limit);
  const last = part.at(-1);
  return { items: part, ...(rest.length > part.length && last ? { nextCursor: pack(last.name) } : {}) };
}

const pack = (name: string): string => Buffer.from(name).toString('base64url');

function unpack(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (name !== '' && pack(name) === cursor) return name;
  throw new AppError('invalid_input', 'Cannot go on from this cursor: use the one of the page before, unchanged.');
}
