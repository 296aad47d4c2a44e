// Templates, projects, their files and findings as the lab's tools answer them.
import type { architect, librarian, ToolOutput } from '@labmesh/contracts';

type Tools = typeof architect.tools;

export type Templates = ToolOutput<Tools['list_available_templates']>;
export type Template = Templates['templates'][number];
export type Readme = ToolOutput<Tools['get_template_readme']>;
export type Started = ToolOutput<Tools['instantiate_template']>;
export type ProjectPage = ToolOutput<Tools['list_projects']>;
export type Listed = ProjectPage['projects'][number];
export type ProjectInFull = ToolOutput<Tools['get_project']>;
export type Project = ProjectInFull['project'];
export type Updates = ToolOutput<Tools['check_updates']>;
export type Updated = ToolOutput<Tools['update_project']>;
export type Report = ToolOutput<Tools['validate_project_config']>;
export type Finding = Report['findings'][number];
export type FileChange = Started['files'][number];
export type Summary = ToolOutput<typeof librarian.tools.generate_documentation_summary>['summary'];
export type Models = ToolOutput<typeof librarian.tools.list_models>;
export type Statement = Summary['statements'][number];
export type Module = Summary['modules'][number];

/** What happened to a file, in a word and a colour. */
export const CHANGES: Readonly<Record<FileChange['change'], { readonly label: string; readonly look: string }>> = {
  added: { label: 'new', look: 'pill pill-good' },
  changed: { label: 'changed', look: 'badge badge-write' },
  removed: { label: 'removed', look: 'pill pill-bad' },
  mode: { label: 'may be run, or not', look: 'badge badge-write' },
  kept: { label: 'yours stays', look: 'badge badge-read' },
  conflict: { label: 'conflict', look: 'pill pill-bad' },
};

/** From the gravest. */
export const SEVERITIES = [
  { severity: 'error', label: 'Errors', look: 'pill pill-bad' },
  { severity: 'warning', label: 'Warnings', look: 'badge badge-write' },
  { severity: 'info', label: 'Worth knowing', look: 'badge badge-read' },
] as const satisfies ReadonlyArray<{ severity: Finding['severity']; label: string; look: string }>;

/** `src/main.py:12`, `src/main.py`, or the project itself. */
export const placeOf = ({ path, line }: Pick<Finding, 'path' | 'line'>): string =>
  path === null ? 'the project' : line === null ? path : `${path}:${line}`;
