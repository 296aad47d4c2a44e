// Where a credential can be good: the gateway, or one agent's own endpoint. Names here, addresses by one rule.

/** The gateway, with all it serves, and each agent's own endpoint, wherever that is served. */
export const AUDIENCES = [
  'gateway',
  'curator',
  'sentinel',
  'chancellor',
  'architect',
  'mechanic',
  'librarian',
] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Path of an MCP endpoint at the gateway; with the lab's address before it, the `aud` of tokens for it (RFC 8707). */
export const endpointPath = (audience: string): string => (audience === 'gateway' ? '/mcp' : `/agents/${audience}/mcp`);
