// Changes one setting in the file, under its lock: two at once are both kept. What the file must be is settings.ts' to say.
import { AppError } from '@labmesh/contracts';
import { locked, readPrivate, writePrivate } from '../places/private-file.js';
import { parsedSettings, SETTING_KEYS, type Settings } from './settings.js';

interface Which {
  readonly key: string;
  readonly profile?: string | undefined;
}

interface Change {
  /** Undefined for the whole profile. */
  readonly key: string | undefined;
  readonly profile?: string | undefined;
  /** Undefined takes it out. */
  readonly value: string | undefined;
}

/** @throws AppError invalid_input for a key that no setting has */
export function settingOf(settings: Settings, { key, profile }: Which): string | undefined {
  checkKey(key, profile);
  const from: object = profile === undefined ? settings : (settings.profiles?.[profile] ?? {});
  return Object.entries(from).find(([name]) => name === key)?.[1];
}

/** @throws AppError invalid_input for what the file may not hold; nothing is changed then */
export async function changedSetting(file: string, change: Change): Promise<void> {
  if (change.key !== undefined) checkKey(change.key, change.profile);
  await locked(file, async () => {
    const text = await readPrivate(file);
    const next = `${JSON.stringify(changed(text === undefined ? {} : parsedSettings(text, file), change), null, 2)}\n`;
    // The same rules as for what a person wrote by hand.
    parsedSettings(next, file);
    await writePrivate(file, next);
  });
}

function changed(settings: Settings, { key, profile, value }: Change): object {
  if (profile === undefined) return replaced(settings, key ?? '', value);
  const own = replaced(settings.profiles?.[profile] ?? {}, key ?? '', value);
  const profiles = replaced(settings.profiles ?? {}, profile, key === undefined ? undefined : own);
  return replaced(settings, 'profiles', Object.keys(profiles).length === 0 ? undefined : profiles);
}

const replaced = (from: object, key: string, value: unknown): object => {
  const others = Object.entries(from).filter(([name]) => name !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
};

function checkKey(key: string, profile: string | undefined): void {
  const keys = SETTING_KEYS.filter(({ ofLab }) => profile === undefined || ofLab).map((setting) => setting.key);
  if (!keys.some((known) => known === key))
    throw new AppError(
      'invalid_input',
      `There is no setting "${key}"${profile === undefined ? '' : ' of a profile'}: there are ${keys.join(', ')}.`,
    );
}
