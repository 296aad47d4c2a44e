// What a person has settled once, in one JSON file: which lab, how answers look. Flags and the environment come before it. It holds
// no secret: a token is named by its file.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import type { CliConfig } from '../config.js';
import { LAYOUTS, type Layout } from '../output/output.js';

/** Of one lab. The whole file has them too, for whom no profile says otherwise. */
export interface LabSettings {
  readonly url?: string;
  /** A file that holds the token alone. */
  readonly tokenFile?: string;
}

export interface Settings extends LabSettings {
  readonly output?: Layout;
  /** never: plain text on a terminal, too. */
  readonly colour?: 'auto' | 'never';
  /** The pager's command line; empty for none. */
  readonly pager?: string;
  /** Which of the profiles is meant where nothing says it. */
  readonly profile?: string;
  readonly profiles?: Readonly<Record<string, LabSettings>>;
}

export interface SettingKey {
  readonly key: keyof Settings & string;
  readonly meaning: string;
  /** What the value must be, in words; undefined where any text will do. */
  readonly wants?: string;
  readonly fits: (value: string) => boolean;
  /** May differ from lab to lab. */
  readonly ofLab: boolean;
}

const PROFILE_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Every setting there is. */
export const SETTING_KEYS: readonly SettingKey[] = [
  {
    key: 'url',
    meaning: 'the lab’s address',
    wants: 'an address such as http://127.0.0.1:3000',
    fits: (value) => /^https?:\/\//i.test(value) && URL.canParse(value),
    ofLab: true,
  },
  { key: 'tokenFile', meaning: 'a file that holds the token alone', fits: (value) => value !== '', ofLab: true },
  {
    key: 'output',
    meaning: 'how answers look: auto is a table on a terminal and JSON elsewhere',
    wants: LAYOUTS.join(', '),
    fits: (value) => LAYOUTS.some((layout) => layout === value),
    ofLab: false,
  },
  {
    key: 'colour',
    meaning: 'colours on a terminal',
    wants: 'auto or never',
    fits: (value) => value === 'auto' || value === 'never',
    ofLab: false,
  },
  {
    key: 'pager',
    meaning: 'the pager for what is longer than the terminal; empty for none',
    fits: () => true,
    ofLab: false,
  },
  {
    key: 'profile',
    meaning: 'which profile is used where neither --profile nor LABMESH_PROFILE says it',
    wants: 'a name of lower-case letters, digits and dashes',
    fits: (value) => PROFILE_NAME.test(value),
    ofLab: false,
  },
];

export const settingsFile = (config: Pick<CliConfig, 'places'>): string => join(config.places.config, 'config.json');

interface Where {
  /** What a flag names; it must be there. */
  readonly given: string | undefined;
  readonly config: Pick<CliConfig, 'places' | 'configFile'>;
}

export interface FoundSettings {
  readonly file: string;
  readonly settings: Settings;
}

/** @throws AppError invalid_input for a file that was named and is not there, or that is none of settings */
export async function readSettings({ given, config }: Where): Promise<FoundSettings> {
  const file = given ?? config.configFile ?? settingsFile(config);
  try {
    return { file, settings: parsedSettings(await readFile(file, 'utf8'), file) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const named = given !== undefined || config.configFile !== undefined;
    if (code === 'ENOENT' && !named) return { file, settings: {} };
    const from = given === undefined ? (named ? 'LABMESH_CONFIG' : 'the settings') : '--config';
    const why = code === 'ENOENT' ? 'there is no such file' : (cause as Error).message;
    throw new AppError(
      'invalid_input',
      `Cannot read ${from} ${file}: ${why}. npx @labmesh/cli config path says where settings are.`,
      {
        cause,
      },
    );
  }
}

/** @throws AppError invalid_input that names the file and what in it is wrong */
export function parsedSettings(text: string, file: string): Settings {
  const wrong = (what: string): AppError => new AppError('invalid_input', `${file} holds no settings: ${what}.`);
  const value = objectOf(text);
  if (value === undefined) throw wrong('it is not a JSON object');
  const { profiles = {}, ...own } = value;
  check(own, SETTING_KEYS, wrong);
  if (!isObject(profiles)) throw wrong('profiles is not an object');
  for (const [name, profile] of Object.entries(profiles)) {
    if (!PROFILE_NAME.test(name) || !isObject(profile)) throw wrong(`profiles.${name} is no profile`);
    check(
      profile,
      SETTING_KEYS.filter(({ ofLab }) => ofLab),
      wrong,
    );
  }
  return value as Settings;
}

function check(value: object, keys: readonly SettingKey[], wrong: (what: string) => AppError): void {
  for (const [name, given] of Object.entries(value)) {
    const setting = keys.find(({ key }) => key === name);
    if (setting === undefined)
      throw wrong(`it has "${name}", and what it may have is ${keys.map(({ key }) => key).join(', ')}`);
    if (typeof given !== 'string' || !setting.fits(given)) throw wrong(`${name} must be ${setting.wants ?? 'a text'}`);
  }
}

/** What holds where nobody says otherwise: the profile's before the file's. @throws AppError not_found for a profile that is not there */
export function profileOf({ file, settings }: FoundSettings, named: string | undefined): LabSettings {
  const name = named ?? settings.profile;
  const { url, tokenFile } = settings;
  const own: LabSettings = { ...(url === undefined ? {} : { url }), ...(tokenFile === undefined ? {} : { tokenFile }) };
  if (name === undefined) return own;
  const profile = settings.profiles?.[name];
  // A token is for its lab: a profile with another address does not take that of the settings.
  if (profile !== undefined) return profile.url === undefined ? { ...own, ...profile } : profile;
  const there = Object.keys(settings.profiles ?? {}).join(', ') || 'none';
  throw new AppError(
    'not_found',
    `There is no profile "${name}" in ${file}; there: ${there}. npx @labmesh/cli config set url <address> --profile ${name} makes it.`,
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectOf(text: string): { readonly profiles?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
