// The `.env` of a project: ignored by git, tracked by nobody, readable by its owner only.
import type { Rule } from '../rule.js';

/** Whether a file holds the values of a project's environment, which are nobody's to read; its examples do not. */
export const isEnvironmentFile = (path: string): boolean =>
  /(^|\/)\.env(\.(local|production|development|test))?$/.test(path);

const family = 'Secrets';
const OTHERS = 0o077;
const OWNER_ONLY = 0o600;

const notIgnored: Rule = {
  id: 'env-file-not-ignored',
  family,
  severity: 'error',
  title: '.gitignore lets .env into git',
  fix: 'adds .env to .gitignore',
  *look(project) {
    const uses = [...project.paths, ...(project.disk?.modes.keys() ?? [])].some((path) =>
      /(^|\/)\.env(\.|$)/.test(path),
    );
    if (!uses || project.ignores('.env')) return;
    yield {
      path: '.gitignore',
      line: null,
      message: 'Nothing in .gitignore keeps .env out of git.',
      remedy: 'Add a line .env to .gitignore.',
      mend: (draft) => draft.addLine('.gitignore', '.env'),
    };
  },
};

const tracked: Rule = {
  id: 'env-file-tracked',
  family,
  severity: 'error',
  title: 'git tracks a .env file',
  *look({ disk }) {
    for (const path of disk?.tracked ?? [])
      if (/(^|\/)\.env(\.(?!example|sample|template)[\w.-]+)?$/.test(path))
        yield {
          path,
          line: null,
          message: `git tracks ${path}: whoever clones the project has it.`,
          remedy: `git rm --cached ${path}, commit, and make new ones of the secrets in it: the history keeps the old.`,
        };
  },
};

const open: Rule = {
  id: 'env-file-open',
  family,
  severity: 'error',
  title: 'Others on the machine may read .env',
  fix: 'sets its mode to 0600',
  *look({ disk }) {
    for (const [path, mode] of disk?.modes ?? [])
      if ((mode & OTHERS) !== 0)
        yield {
          path,
          line: null,
          message: `${path} has mode 0${(mode & 0o777).toString(8)}: others on this machine may read it.`,
          remedy: `chmod 600 ${path}`,
          mend: (draft) => draft.modes.set(path, OWNER_ONLY),
        };
  },
};

export const environmentFileRules: readonly Rule[] = [notIgnored, tracked, open];
