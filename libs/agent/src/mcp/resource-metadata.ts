// RFC 9728: what a client needs to know to get a token for an endpoint.
import type { LabConfig } from '../config.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

export const metadataPath = (endpoint: string): string => `${WELL_KNOWN}${endpoint}`;

/** The metadata of the endpoint at `path`, such as `/mcp`. One authorization server: this lab. */
export const resourceMetadata = (config: LabConfig, path: string) => ({
  resource: `${config.publicUrl}${path}`,
  resource_name: 'LabMesh',
  authorization_servers: [config.publicUrl],
  bearer_methods_supported: ['header'],
  jwks_uri: `${config.publicUrl}/.well-known/jwks.json`,
});
