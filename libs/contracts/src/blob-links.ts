// Links to bytes in a tool's answer, for what is too large to be in it. A contract says where one may stand, its agent's handler
// gives the blob, the agent's process the address; clients get a link to look at beside it.
import { z } from 'zod';
import { BLOB_NAME_MAX, BLOB_TYPE_MAX, BlobId } from './blob.js';

/** Answers whose content is larger are links, bytes. */
export const LINK_ABOVE_BYTES = 256 * 1024;

const Link = z.object({
  blobId: BlobId,
  name: z.string().min(1).max(BLOB_NAME_MAX).describe('File name'),
  mediaType: z.string().min(1).max(BLOB_TYPE_MAX),
  bytes: z.int().nonnegative(),
  url: z.url().optional().describe('GET it with the token of this connection; ranges work'),
});
export type BlobLink = z.output<typeof Link>;

/** Which schemas are links; beside them, as a schema has nothing to say it by. */
const links = z.registry<{ link: true }>();

/** A member of an answer that is a link. Wrap what is finished: a copy is none. */
export function blobLink(description: string): typeof Link {
  const schema = Link.describe(description);
  links.add(schema, { link: true });
  return schema;
}

/** Where links are in what a schema describes: names of members, and null for each item of a list. */
type Path = ReadonlyArray<string | null>;

const known = new WeakMap<z.ZodType, readonly Path[]>();

/** The links in a value that fits the schema: the very objects, in order. Looks only where the schema has some. */
export function linksIn(schema: z.ZodType, value: unknown): BlobLink[] {
  const paths = known.get(schema) ?? pathsTo(schema);
  known.set(schema, paths);
  return paths.flatMap((path) => follow(value, path)) as BlobLink[];
}

function pathsTo(schema: z.ZodType): Path[] {
  if (links.has(schema)) return [[]];
  const beneath = (name: string | null, inner: unknown): Path[] =>
    pathsTo(inner as z.ZodType).map((path) => [name, ...path]);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return pathsTo(schema.def.innerType as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => pathsTo(option as z.ZodType));
  if (schema instanceof z.ZodArray) return beneath(null, schema.element);
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, member]) => beneath(name, member));
  return [];
}

function follow(value: unknown, [step, ...rest]: Path): unknown[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [value];
  if (step !== null) return follow((value as Record<string, unknown>)[step], rest);
  return Array.isArray(value) ? value.flatMap((item) => follow(item, rest)) : [];
}
