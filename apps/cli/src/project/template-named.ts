// A template of the lab by its name.
import { AppError, architect, type ToolOutput } from '@labmesh/contracts';
import { closeNames } from '../arguments/close-names.js';
import type { Work } from '../session.js';

export type Template = ToolOutput<(typeof architect.tools)['list_available_templates']>['templates'][number];

/** @throws AppError not_found, with the names that come close */
export async function templateNamed({ lab }: Pick<Work, 'lab'>, name: string): Promise<Template> {
  const { templates } = await lab.use(architect, 'list_available_templates', {});
  const found = templates.find((one) => one.name === name);
  if (found !== undefined) return found;
  const close = closeNames(
    name,
    templates.map((one) => one.name),
  );
  const hint = close.length === 0 ? 'npx @labmesh/cli template ls lists them' : `did you mean ${close.join(' or ')}?`;
  throw new AppError('not_found', `There is no template "${name}": ${hint}`);
}
