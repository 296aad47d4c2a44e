// The files of a new project: a template's, filled in, with the card of the project. What they come to depends on the values alone.
import { byPath, cardFile, checkedFiles, type ProjectFile } from '@labmesh/projects';
import type { InputValues } from './inputs-schema.js';
import { type ProjectValues, pythonName, renderFile } from './rendering.js';
import { type Template, templateSecrets } from './template.js';

export interface ProjectMaking {
  readonly projectId: string;
  readonly name: string;
  readonly owner: string;
  /** The lab's address, without a slash at its end. */
  readonly labUrl: string;
  /** With defaults; without secrets. */
  readonly inputs: InputValues;
}

/** By path. @throws AppError invalid_input for a value that some file cannot hold */
export function projectFiles(template: Template, making: ProjectMaking): ProjectFile[] {
  const { projectId, name, owner, labUrl, inputs } = making;
  const { name: templateName, form } = template;
  const values: ProjectValues = {
    project: { id: projectId, name, python: pythonName(name) },
    wallet: { id: owner },
    lab: { url: labUrl, mcpUrl: `${labUrl}/mcp` },
    template: { name: templateName, version: form.version },
    inputs,
  };
  const files = template.files.map((file) => (template.rendered.has(file.path) ? renderFile(file, values) : file));
  const card = { projectId, name, owner, template: templateName, version: form.version, inputs };
  const secrets = [...templateSecrets(template).values()];
  return byPath(checkedFiles([...files, cardFile({ ...card, secrets }, files)]));
}
