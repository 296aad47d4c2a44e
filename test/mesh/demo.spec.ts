// A lab of recorded data over separate processes: the setting that `--demo` sets, and no source is asked.
import { mesh } from '../harness/lab-under-test.js';
import { demoStory } from '../story/demo.story.js';

demoStory(async () => {
  const lab = await mesh({ LABMESH_RECORDED: '1' });
  return { lab, metrics: async () => (await fetch(`${lab.urlOf('curator')}/metrics`)).text() };
});
