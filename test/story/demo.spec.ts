// A lab of recorded data in one process: `npm start -- --demo`.
import { oneProcessLab } from '../harness/lab-under-test.js';
import { demoStory } from './demo.story.js';

demoStory(async () => {
  const lab = await oneProcessLab({}, ['--demo']);
  return { lab, metrics: async () => (await fetch(`${lab.url}/metrics`)).text() };
});
