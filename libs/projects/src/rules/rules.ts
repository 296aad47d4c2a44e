// Every rule, in the order in which a report has them.
import { addressRules } from './addresses/addresses.js';
import { dependencyRules } from './dependencies/dependencies.js';
import { compose } from './files/compose.js';
import { dockerfile } from './files/dockerfile.js';
import { projectRecord, prometheus } from './files/lab-files.js';
import { mcpConfig } from './files/mcp-config.js';
import { notebook } from './files/notebook.js';
import { packageJson, tsconfig } from './files/package-json.js';
import { pyproject, requirements } from './files/python-project.js';
import { unreadable } from './files/unreadable.js';
import { portRules } from './ports/ports.js';
import type { Rule } from './rule.js';
import { environmentFileRules } from './secrets/environment-files.js';
import { leakedRules } from './secrets/leaked.js';
import { variableRules } from './secrets/variables.js';
import { runtimeRules } from './versions/runtimes.js';
import { versionRules } from './versions/versions.js';
import { walletRules } from './wallets/wallets.js';

export const PROJECT_RULES: readonly Rule[] = [
  ...leakedRules,
  ...environmentFileRules,
  ...variableRules,
  ...portRules,
  ...walletRules,
  ...addressRules,
  unreadable,
  packageJson,
  tsconfig,
  pyproject,
  requirements,
  dockerfile,
  compose,
  mcpConfig,
  notebook,
  projectRecord,
  prometheus,
  ...versionRules,
  ...runtimeRules,
  ...dependencyRules,
];
