// Addresses of resources: `{name}` is one part without a slash, `{+name}` the rest of the address, slashes and all
// (RFC 6570, levels 1 and 2). What `expandUri` writes, `matchUri` reads back. Nothing else of the RFC is needed here.

/** The names in a template, such as `'id'` in `dataset://{id}`. */
export type TemplateNames<U extends string> = U extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `+${infer Reserved}` ? Reserved : Name) | TemplateNames<Rest>
  : never;

/** What stands for the names of a template. */
export type UriParams<U extends string = string> = { readonly [K in TemplateNames<U>]: string };

interface Piece {
  /** Text before the name. */
  readonly before: string;
  readonly name: string;
  readonly reserved: boolean;
}

interface Parsed {
  readonly pieces: readonly Piece[];
  readonly pattern: RegExp;
}

/** Longest address that is looked at, characters. */
const URI_MAX = 2_000;
const parsed = new Map<string, Parsed>();

function parse(template: string): Parsed {
  const known = parsed.get(template);
  if (known !== undefined) return known;
  const pieces: Piece[] = [];
  let source = '';
  let from = 0;
  for (const found of template.matchAll(/\{(\+?)([a-zA-Z][a-zA-Z0-9]*)\}/g)) {
    const [all, plus, name = ''] = found;
    const before = template.slice(from, found.index);
    pieces.push({ before, name, reserved: plus === '+' });
    source += `${literal(before)}(${plus === '+' ? '.+' : '[^/?#]+'})`;
    from = found.index + all.length;
  }
  const made = { pieces, pattern: new RegExp(`^${source}${literal(template.slice(from))}$`, 's') };
  parsed.set(template, made);
  return made;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The names of a template, in their order. */
export const templateNames = (template: string): string[] => parse(template).pieces.map(({ name }) => name);

/** The address that a template and its values make. */
export function expandUri<U extends string>(template: U, params: UriParams<U>): string {
  const { pieces } = parse(template);
  const last = pieces.at(-1);
  const values = params as Readonly<Record<string, string>>;
  const parts = pieces.map(({ before, name, reserved }) => {
    const value = values[name] ?? '';
    return `${before}${reserved ? encodeURI(value) : encodeURIComponent(value)}`;
  });
  const tail = last === undefined ? template : template.slice(template.lastIndexOf('}') + 1);
  return `${parts.join('')}${tail}`;
}

/** The values in an address, or undefined when it is not one of this template. */
export function matchUri(template: string, uri: string): Record<string, string> | undefined {
  if (uri.length > URI_MAX) return undefined;
  const { pieces, pattern } = parse(template);
  const found = pattern.exec(uri);
  if (found === null) return undefined;
  try {
    return Object.fromEntries(pieces.map(({ name }, index) => [name, decodeURIComponent(found[index + 1] ?? '')]));
  } catch {
    return undefined;
  }
}
