// The formats of data as the lab lists them for a tool, under the names that people know them by.
import { DATA_FORMATS, type DataFormat, FORMATS } from '@labmesh/contracts';

export interface FormatInfo {
  readonly format: string;
  readonly label: string;
  readonly endings: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isKnown = (name: string): name is DataFormat => (DATA_FORMATS as readonly string[]).includes(name);

/** The formats that a tool takes; one that the page does not know, as a newer lab has it, keeps its name. */
export function formatsIn(inputSchema: unknown, argument: string): readonly FormatInfo[] {
  const properties = isObject(inputSchema) && isObject(inputSchema.properties) ? inputSchema.properties : {};
  const { enum: choices } = isObject(properties[argument]) ? properties[argument] : {};
  const taken = Array.isArray(choices) ? choices.map(String) : [];
  return taken.map((format) => ({ format, label: formatLabel(format), endings: endingsOf(format) }));
}

export const formatLabel = (name: string): string => (isKnown(name) ? FORMATS[name].label : name);

const endingsOf = (name: string): readonly string[] =>
  isKnown(name) ? [FORMATS[name].extension, ...FORMATS[name].also] : [name];

/** How a file of it ends. */
export const endingOf = (name: string): string => endingsOf(name)[0] ?? name;

/** Its content is bytes and no text. */
export const isBinary = (name: string): boolean => isKnown(name) && FORMATS[name].binary;
