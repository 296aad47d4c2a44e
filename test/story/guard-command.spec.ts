// `labmesh role`, `policy` and `anomaly` against a lab in one process.
import { oneProcessLab } from '../harness/lab-under-test.js';
import { guardCommandStory } from './guard-command.story.js';

guardCommandStory(() => oneProcessLab());
