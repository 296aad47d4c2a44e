// The door of @labmesh/contracts: what every agent offers, and the tables that hold for all of them.
export * from './agents.js';
export * from './architect.js';
export * from './audit.js';
export * from './call.js';
export * from './chancellor.js';
export * from './curator.js';
export * from './errors.js';
export * from './librarian.js';
export * from './mechanic.js';
export * from './names.js';
export * from './permissions.js';
export * from './prompt.js';
export * from './resource.js';
export * from './sentinel.js';
export * from './tool.js';
export * from './uri-template.js';
export * from './values.js';
