// Routes in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { routesStory } from './routes.story.js';

const shared = operatedLab();

routesStory(() => shared.operator);
