// Parameters of an array's runs, in a file: a row of a CSV each, or an object of a JSON list. Values become texts.
import { readFile } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';
import { parse } from 'csv-parse/sync';
import { localFile } from '../dataset/local-file.js';

type Parameters = Record<string, string>;

/** @throws AppError not_found, or invalid_input that names the file */
export async function parametersIn(name: string, cwd: string): Promise<Parameters[]> {
  const { path } = await localFile(name, cwd);
  const text = await readFile(path, 'utf8');
  const rows = /\.json$/i.test(name) ? listed(text, name) : tabled(text, name);
  if (rows.length === 0) throw unusable(name, 'it has no rows');
  return rows;
}

function tabled(text: string, name: string): Parameters[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true }) as Parameters[];
  } catch (cause) {
    throw unusable(name, `it is no CSV with a first line of names. ${(cause as Error).message}`, cause);
  }
}

function listed(text: string, name: string): Parameters[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(name, `it is not JSON. ${(cause as Error).message}`, cause);
  }
  if (!Array.isArray(value)) throw unusable(name, 'it is no list');
  return value.map((row: unknown, at) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw unusable(name, `number ${at} of the list is no object of variables`);
    return Object.fromEntries(Object.entries(row).map(([key, one]) => [key, textOf(one)]));
  });
}

/** Numbers as they are written; what has members as JSON. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const unusable = (name: string, why: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `Cannot use ${name} as parameters: ${why}.`, { cause });
