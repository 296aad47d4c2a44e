// The rules about what a project needs: one for each kind of fault, for Python and npm alike.
import type { Project } from '../project/project.js';
import type { Found, Rule } from '../rule.js';
import { developmentNpm, missingNpm, twiceNpm, unusedNpm } from './npm-dependencies.js';
import { missingPython, twicePython, unusedPython } from './python-dependencies.js';

const family = 'Dependencies';
const both =
  (...looks: ((project: Project) => Iterable<Found>)[]) =>
  (project: Project): Found[] =>
    looks.flatMap((look) => [...look(project)]);

export const dependencyRules: readonly Rule[] = [
  {
    id: 'dependency-missing',
    family,
    severity: 'error',
    title: 'Code imports a package that nothing requires',
    look: both(missingPython, missingNpm),
  },
  {
    id: 'dependency-for-development',
    family,
    severity: 'error',
    title: 'Code that runs imports a package of devDependencies',
    look: developmentNpm,
  },
  {
    id: 'dependency-twice',
    family,
    severity: 'warning',
    title: 'One package is required twice',
    look: both(twicePython, twiceNpm),
  },
  {
    id: 'dependency-unused',
    family,
    severity: 'info',
    title: 'A package is required, and nothing uses it',
    look: both(unusedPython, unusedNpm),
  },
];
