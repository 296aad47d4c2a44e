// `labmesh config`: what a person settles once. It reads and writes the one file of settings, and no secret.
import { AppError } from '@labmesh/contracts';
import type { Command } from 'commander';
import { addJsonOption, type Session } from '../session.js';
import { changedSetting, settingOf } from '../settings/changing.js';
import { SETTING_KEYS } from '../settings/settings.js';

const KEYS = SETTING_KEYS.map(
  ({ key, meaning, ofLab }) => `  ${key.padEnd(10)} ${meaning}${ofLab ? '; may differ by profile' : ''}`,
).join('\n');

const HELP = `
Settings:
${KEYS}

A flag comes before the environment, and the environment before a setting. A profile is a lab under a short name; a
token file outside of it is never used for it.

Examples:
  npx @labmesh/cli config set url https://lab.example.org
  npx @labmesh/cli config set url https://lab.example.org --profile field && npx @labmesh/cli status --profile field
  npx @labmesh/cli config set profile field
  npx @labmesh/cli config unset pager`;

export function addConfig(program: Command, session: Session): void {
  const group = program
    .command('config')
    .description('what you settle once: which lab, how answers look')
    .addHelpText('after', HELP);
  addGet(group, session);
  addSet(group, session);
  addUnset(group, session);
  addList(group, session);
  addPath(group, session);
}

const PROFILE = ['--profile <name>', 'of this lab, not of all'] as const;

interface ProfileOption {
  readonly profile?: string;
}

function addGet(group: Command, session: Session): void {
  const command = group
    .command('get')
    .description('one setting; exit code 5 when it is not set')
    .argument('<key>', 'a setting, as npx @labmesh/cli config list names it')
    .option(...PROFILE)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli config get url');
  addJsonOption(command).action((key: string, { profile }: ProfileOption) =>
    session.offline(command, async ({ output }) => {
      const { file, settings } = await session.settings(command);
      const value = settingOf(settings, { key, profile });
      if (value === undefined) throw new AppError('not_found', `${key} is not set in ${file}.`);
      output.answer({ key, value }, () => output.line(value));
    }),
  );
}

function addSet(group: Command, session: Session): void {
  const command = group
    .command('set')
    .description('set one setting')
    .argument('<key>', 'a setting')
    .argument('<value>', 'what it is to be')
    .option(...PROFILE)
    .addHelpText('after', HELP);
  addJsonOption(command).action((key: string, value: string, { profile }: ProfileOption) =>
    session.offline(command, async ({ output }) => {
      const { file } = await session.settings(command);
      await changedSetting(file, { key, value, profile });
      output.answer({ key, value }, () => output.line(`${key} = ${value}`));
    }),
  );
}

function addUnset(group: Command, session: Session): void {
  const command = group
    .command('unset')
    .description('take one setting out, or with --profile and no key a whole profile')
    .argument('[key]', 'a setting')
    .option(...PROFILE)
    .addHelpText(
      'after',
      '\nExample:\n  npx @labmesh/cli config unset pager\n  npx @labmesh/cli config unset --profile field',
    );
  addJsonOption(command).action((key: string | undefined, { profile }: ProfileOption) =>
    session.offline(command, async ({ output }) => {
      if (key === undefined && profile === undefined)
        throw new AppError('invalid_input', 'Say which: a setting, or --profile for a whole profile.');
      const { file } = await session.settings(command);
      await changedSetting(file, { key, value: undefined, profile });
      output.answer({ key: key ?? null, value: null }, () => output.line(`Took out ${key ?? `profile ${profile}`}.`));
    }),
  );
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('every setting, its value and its meaning')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli config list');
  addJsonOption(command).action(() =>
    session.offline(command, async ({ output }) => {
      const { file, settings } = await session.settings(command);
      const { profiles = {} } = settings;
      output.answer({ file, settings }, () => {
        output.table(
          ['SETTING', 'VALUE', 'MEANING'],
          SETTING_KEYS.map(({ key, meaning }) => [
            { text: key, style: 'bold' },
            settingOf(settings, { key }) ?? '-',
            meaning,
          ]),
        );
        if (Object.keys(profiles).length > 0) output.line();
        for (const [name, { url, tokenFile }] of Object.entries(profiles))
          output.line(`profile ${output.style('bold', name)}  ${url ?? '-'}  ${tokenFile ?? ''}`.trimEnd());
      });
    }),
  );
}

function addPath(group: Command, session: Session): void {
  const command = group
    .command('path')
    .description('where the settings are')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli config path');
  addJsonOption(command).action(() =>
    session.offline(command, async ({ output }) => {
      const { file } = await session.settings(command);
      output.answer({ file }, () => output.line(file));
    }),
  );
}
