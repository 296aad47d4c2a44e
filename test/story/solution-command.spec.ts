// `labmesh solution` and `explain-error` against a lab in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { solutionCommandStory } from './solution-command.story.js';

const shared = operatedLab();

solutionCommandStory(() => shared);
