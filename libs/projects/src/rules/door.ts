// The door of @labmesh/projects/rules, which stands apart as few processes ever need the parsers of its rules: what looks a project
// through.
export { lookThrough, unknownRules } from './look-through.js';
export { lookThroughElsewhere } from './look-through-elsewhere.js';
export type { Found, Rule } from './rule.js';
export { PROJECT_RULES } from './rules.js';
export { refuseSecrets } from './secrets/refuse-secrets.js';
