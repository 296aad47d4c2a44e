// A project as the sections of its summary see it: its texts, its modules, who imports whom, what goes outside.
import type { Project } from '../../rules/project/project.js';
import type { Access } from '../code/access.js';
import type { Imports } from '../code/imported.js';
import type { Module } from '../code/modules.js';

export interface Seen {
  readonly project: Project;
  readonly modules: readonly Module[];
  readonly imports: Imports;
  readonly access: readonly Access[];
}
