// The tool that looks a project through: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import { type architectParts, type Handlers } from '@labmesh/contracts';
import { ProjectChecks } from './project-checks.js';

export const checkTools = handlersOf(
  [ProjectChecks],
  (checks: ProjectChecks): Handlers<typeof architectParts.checks> => ({
    validate_project_config: (input, call) => checks.validate(input, call),
  }),
);
