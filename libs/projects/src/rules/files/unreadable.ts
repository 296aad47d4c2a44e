// JSON, YAML and TOML that no program can read.
import { isData } from '../project/settings-of.js';
import type { Rule } from '../rule.js';
import { FILES } from './shape.js';

/** Files with more than one document, or with a language of templates in them. */
const OTHER_LANGUAGES = /(^|\/)(templates|charts?)\/|\.(tmpl|j2|mustache)$/;

export const unreadable: Rule = {
  id: 'file-unreadable',
  family: FILES,
  severity: 'error',
  title: 'A JSON, YAML, TOML or notebook file that cannot be read',
  *look(project) {
    for (const file of project.texts.filter((one) => !OTHER_LANGUAGES.test(one.path) && !isData(one)))
      for (const { line, message } of file.document?.faults ?? [])
        yield {
          path: file.path,
          line,
          message: `It cannot be read: ${message}.`,
          remedy: 'Mend the syntax on this line, or just before it.',
        };
  },
};
