// Reads the vials from disk, once, at start. A vial that is not right stops the start and is named: half a shelf helps nobody.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';
import { type Vial, VialCard, VialName } from './vial.js';

const README_CHARACTERS_MAX = 64 * 1024;

/** Every vial in the folder, by name. @throws AppError invalid_input naming the file that is not right */
export async function readVials(folder: string): Promise<Vial[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unusable(folder, 'the folder cannot be read', cause);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(names.sort().map((name) => readVial(folder, name)));
}

async function readVial(folder: string, name: string): Promise<Vial> {
  if (!VialName.safeParse(name).success) throw unusable(join(folder, name), 'a vial’s name is lower-case with dashes');
  const [cardFile, readmeFile] = [join(folder, name, 'vial.json'), join(folder, name, 'README.md')];
  const card = VialCard.safeParse(jsonOf(cardFile, await textOf(cardFile)));
  if (!card.success) throw unusable(cardFile, z.prettifyError(card.error));
  const markdown = await textOf(readmeFile);
  if (!/^# \S/.test(markdown)) throw unusable(readmeFile, 'it does not begin with a heading of the first level');
  if (markdown.length > README_CHARACTERS_MAX)
    throw unusable(readmeFile, `it has more than ${README_CHARACTERS_MAX} characters`);
  return { name, ...card.data, markdown };
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(file, 'it cannot be read', cause);
  });
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(file, 'it is not valid JSON', cause);
  }
}

const unusable = (file: string, why: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `Cannot use the template ${file}: ${why}. Repair or remove it.`, { cause });
