// What the parts of an endpoint are given to answer requests with. Types and constants only.
import type { Authenticator } from './callers/authenticator.js';
import type { ToolCalls } from './calls/tool-calls.js';
import type { Catalogue } from './catalogue/catalogue.js';
import type { ResourcesAndPrompts } from './catalogue/resources-and-prompts.js';
import type { ToldLists } from './catalogue/told-lists.js';

export interface EndpointIdentity {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
}

export interface McpServices {
  readonly identity: EndpointIdentity;
  readonly catalogue: Catalogue;
  readonly resourcesAndPrompts: ResourcesAndPrompts;
  readonly calls: ToolCalls;
  /** Which list the sessions and streams of this endpoint have. */
  readonly told: ToldLists;
  readonly authenticator: Authenticator;
}

/** How long a client may keep a list (milliseconds); it is private because it depends on the caller's rights. */
const LIST_TTL_MS = 30_000;
export const LISTED = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;
