// A project as its owner is told of it.
import { type architect, blobUrl, type ToolOutput } from '@labmesh/contracts';
import type { ProjectRow } from './project-row.js';

export type ProjectShown = ToolOutput<typeof architect.tools.get_project>['project'];

/** @param publicUrl the gateway's, where archives are read */
export const describeProject = (row: ProjectRow, publicUrl: string): ProjectShown => ({
  projectId: row.id,
  name: row.name,
  owner: row.owner,
  template: row.template,
  version: row.version,
  place: row.place,
  folder: row.folder,
  archive: row.archive === null ? null : { ...row.archive, uri: blobUrl(publicUrl, row.archive.blobId) },
  inputs: { ...row.inputs },
  secrets: Object.keys(row.secrets).sort(),
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
