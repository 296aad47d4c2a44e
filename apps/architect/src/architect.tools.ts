// The Architect's contract to its domain, a part for each concept.
import { together } from '@labmesh/agent';
import { checkTools } from './checks/check.tools.js';
import { projectTools } from './projects/project.tools.js';
import { templateTools } from './templates/template.tools.js';

export const architectTools = together(templateTools, projectTools, checkTools);
