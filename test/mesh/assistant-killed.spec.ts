// The Librarian's process is killed while a model answers, and another one takes its place.
import { runningMesh } from '../harness/running-mesh.js';
import { crashStory } from '../story/assistant.story.js';

const mesh = runningMesh();

crashStory(() => ({
  lab: mesh.lab,
  crash: async () => {
    await mesh.lab.child('librarian').crash();
    await mesh.lab.start('librarian');
  },
}));
