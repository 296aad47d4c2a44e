// Reads templates from folders, once. One that is not right is named, and none is there: half a shelf helps nobody.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { readFolder } from '@labmesh/projects';
import type { Shelved } from './shelf.js';
import { type Template, templateOf, unusableIn } from './template.js';

/** Every template in the folder, by name. @throws AppError invalid_input naming the file that is not right */
export async function readTemplates(folder: string): Promise<Template[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('invalid_input', `Cannot read templates: the folder ${folder} cannot be read.`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  return Promise.all(names.sort().map((name) => readTemplate(folder, name)));
}

async function readTemplate(folder: string, name: string): Promise<Template> {
  try {
    return await templateOf(name, await readFolder(join(folder, name)));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw unusableIn(name)('', `${error.message} It is in ${join(folder, name)}`, error);
  }
}

/** Those of the installation, and those of the operator's folder. */
export async function readInstalled(shipped: string, own: string | undefined): Promise<Shelved[]> {
  const [installed, theirs] = await Promise.all([readTemplates(shipped), own === undefined ? [] : readTemplates(own)]);
  return [
    ...installed.map((template): Shelved => ({ template, source: { kind: 'shipped' } })),
    ...theirs.map((template): Shelved => ({ template, source: { kind: 'folder', folder: own ?? '' } })),
  ];
}
