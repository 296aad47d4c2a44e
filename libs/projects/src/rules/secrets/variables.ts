// Environment variables that code reads and nothing names, so that nobody who starts the project knows of them.
import { readCard } from '../../project-card.js';
import { codeOf, isTest, plainLines } from '../project/code.js';
import type { Project } from '../project/project.js';
import { environmentOf, isEnvironment } from '../project/settings-of.js';
import type { Rule } from '../rule.js';

/** Set by systems, shells, tools, the lab (LABMESH_) and the Mechanic for its jobs. */
const GIVEN =
  /^(PATH|HOME|USER|LOGNAME|SHELL|PWD|LANG|LC_\w+|TZ|TERM|COLUMNS|LINES|EDITOR|PAGER|DISPLAY|HOSTNAME|TMPDIR|TEMP|TMP|APPDATA|LOCALAPPDATA|USERPROFILE|COMSPEC|CI|DEBUG|NO_COLOR|FORCE_COLOR|NODE_ENV|NODE_OPTIONS|VIRTUAL_ENV|npm_\w+|GITHUB_\w+|XDG_\w+|PYTHON\w*|CUDA_\w+|OMP_\w+|MKL_\w+|RANK|WORLD_SIZE|LOCAL_RANK|MASTER_ADDR|MASTER_PORT|SLURM_\w+|LABMESH_\w+)$/;

/** The name in the first group that took part. What has a default beside it is not missed. */
const READS: Readonly<Record<'python' | 'javascript' | 'shell', readonly RegExp[]>> = {
  python: [
    /\bos\.environ\[\s*["'](\w+)["']\s*\](?!\s*=[^=])/g,
    /\bos\.(?:environ\.get|getenv)\(\s*["'](\w+)["']\s*\)(?!\s*or\b)/g,
  ],
  javascript: [
    /\b(?:process|import\.meta)\.env\.([A-Za-z_]\w*)\b(?!\s*(?:\?\?|\|\||=[^=]))/g,
    /\b(?:process|import\.meta)\.env\[\s*["'](\w+)["']\s*\](?!\s*(?:\?\?|\|\||=[^=]))/g,
  ],
  shell: [/\$\{([A-Z][A-Z0-9_]*):?\?/g],
};

const EXAMPLE = '.env.example';

/** Words of everything that is configuration, and names that code sets itself. */
function namedIn(project: Project): (name: string) => boolean {
  const words = new Set<string>();
  for (const file of project.texts) {
    if (isEnvironment(file.path)) for (const { name } of environmentOf(file)) words.add(name);
    else if (
      /\.(ya?ml|json|jsonc|toml|ini|cfg|conf|service)$|(^|\/)(Dockerfile|Containerfile|Makefile)/.test(file.path)
    )
      for (const [word] of file.text.matchAll(/\b[A-Z][A-Z0-9_]{2,}\b/g)) words.add(word);
    else
      for (const [, set = ''] of file.text.matchAll(
        /(?:environ\[\s*["']|process\.env\.|setenv\(\s*["']|^export\s+)(\w+)(?:["']\s*\])?\s*[=,]/gm,
      ))
        words.add(set);
  }
  return (name) => words.has(name);
}

/** Reads without a default, the first of each name. */
function reads(project: Project): Map<string, { path: string; line: number }> {
  const found = new Map<string, { path: string; line: number }>();
  for (const piece of codeOf(project).filter(({ file }) => !isTest(file.path)))
    for (const { text, line } of plainLines(piece))
      for (const pattern of READS[piece.language])
        for (const [, name = ''] of text.matchAll(pattern))
          if (!found.has(name)) found.set(name, { path: piece.file.path, line });
  return found;
}

const notNamed: Rule = {
  id: 'variable-not-named',
  family: 'Secrets',
  severity: 'warning',
  title: 'Code reads an environment variable that neither .env.example nor a configuration file names',
  fix: 'adds its name to .env.example',
  *look(project) {
    const isNamed = namedIn(project);
    for (const [name, { path, line }] of reads(project))
      if (!GIVEN.test(name) && !isNamed(name))
        yield {
          path,
          line,
          message: `${name} is read from the environment, and neither ${EXAMPLE} nor a configuration file names it.`,
          remedy: `Add ${name}= to ${EXAMPLE}, with a comment on what it is for.`,
          mend: (draft) => draft.addLine(EXAMPLE, `${name}=`),
        };
  },
};

const notSet: Rule = {
  id: 'variable-not-set',
  family: 'Secrets',
  severity: 'warning',
  title: 'Code reads an environment variable that .env.example names, and .env does not set it',
  *look(project) {
    const env = project.at('.env');
    const example = project.at(EXAMPLE);
    if (env === undefined || example === undefined) return;
    const given = new Set([
      ...environmentOf(env).flatMap(({ name, value }) => (value === '' ? [] : [name])),
      ...(readCard(project.files)?.secrets ?? []),
    ]);
    const read = reads(project);
    for (const { name, value } of environmentOf(example)) {
      const place = read.get(name);
      if (place === undefined || value !== '' || given.has(name)) continue;
      const line =
        environmentOf(env)
          .find((one) => one.name === name)
          ?.line() ?? null;
      yield {
        path: env.path,
        line,
        message: `${name} has no value, and ${place.path}:${place.line} reads it.`,
        remedy: `Write ${name}=… into .env, or give it when the program is started.`,
      };
    }
  },
};

export const variableRules: readonly Rule[] = [notNamed, notSet];
