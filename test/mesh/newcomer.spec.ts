// The newcomer's story across separate processes, on NATS, PostgreSQL and Redis.
import { mesh } from '../harness/lab-under-test.js';
import { newcomerStory } from '../story/newcomer.story.js';

newcomerStory(mesh);
