// What an agent lets programs read by address, as values: MCP's resources and resource templates.
// Types of handlers follow from it. Nothing here may know a transport, a framework or an agent.
import { z } from 'zod';
import type { Call } from './call.js';
import type { Permission } from './permissions.js';
import type { TemplateNames, UriParams } from './uri-template.js';

export interface ResourceSpec {
  /**
   * URI template whose scheme belongs to this agent alone, such as `dataset://{id}`; or, without a name in it, the
   * address of one resource.
   */
  readonly uri: string;
  readonly title: string;
  /** What one is, and who may read which. */
  readonly description: string;
  /** When all of them have the same. */
  readonly mimeType?: string;
  readonly permission: Permission;
  /** True when those that the caller may read are listed, by the agent where there is a template; else it finds them only. */
  readonly listed: boolean;
}

export type ResourceSet = Readonly<Record<string, ResourceSpec>>;

export const defineResource = <const R extends ResourceSpec>(resource: R): R => resource;

/** What reading answers: text as it is, or bytes in base64; one of the two. */
export const ResourceContent = z
  .object({ mimeType: z.string().min(1), text: z.string().optional(), blob: z.string().optional() })
  .refine(({ text, blob }) => (text === undefined) !== (blob === undefined), 'either text or blob');
export type ResourceContent =
  | { readonly mimeType: string; readonly text: string }
  | { readonly mimeType: string; readonly blob: string };

/** Most items that are asked of a list at once. */
export const RESOURCE_PAGE_MAX = 100;

export const ResourcePage = z.object({
  cursor: z.string().min(1).max(1_000).optional(),
  limit: z.int().min(1).max(RESOURCE_PAGE_MAX),
});
/** Which part of a list is wanted: after `cursor` of an earlier answer, at most `limit` items. */
export type ResourcePage = z.output<typeof ResourcePage>;

export const ResourceListing = z.object({
  items: z
    .array(
      z.object({
        params: z.record(z.string(), z.string()),
        name: z.string().min(1),
        title: z.string().optional(),
        description: z.string().optional(),
        mimeType: z.string().optional(),
        size: z.int().nonnegative().optional(),
      }),
    )
    .max(RESOURCE_PAGE_MAX),
  nextCursor: z.string().min(1).max(1_000).optional(),
});

export interface ResourceItem<P = Readonly<Record<string, string>>> {
  /** What stands for the names of the template. */
  readonly params: P;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  /** Bytes, before any encoding. */
  readonly size?: number;
}

/** A part of a list, in an order that does not change; `nextCursor` is there when more may follow. */
export interface ResourceList<P = Readonly<Record<string, string>>> {
  readonly items: ReadonlyArray<ResourceItem<P>>;
  readonly nextCursor?: string;
}

type Eventually<T> = Promise<T> | T;

/** Values that an argument may take; those that do not begin with what was typed are left out for the handler. */
export type Complete<Names extends string> = (
  argument: Names,
  value: string,
  call: Call,
) => Eventually<readonly string[]>;

export type ResourceHandler<R extends ResourceSpec> = {
  /** @throws AppError not_found for what does not exist or is not the caller's to see */
  read(params: UriParams<R['uri']>, call: Call): Eventually<ResourceContent>;
  complete?: Complete<TemplateNames<R['uri']>>;
} & ([R['listed'] extends false ? never : TemplateNames<R['uri']>] extends [never]
  ? { list?: never }
  : { list(page: ResourcePage, call: Call): Eventually<ResourceList<UriParams<R['uri']>>> });

/** One handler per resource: a missing one, or one of the wrong type, does not compile. */
export type ResourceHandlers<R extends ResourceSet> = { readonly [K in keyof R]: ResourceHandler<R[K]> };
