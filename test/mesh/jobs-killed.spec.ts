// A mesh whose Mechanic and worker are killed under their jobs, by turns and both at once, beside a second Mechanic that goes on.
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';
import { outlived, SETTINGS, startedOnce } from '../story/jobs-killed.story.js';

const mesh = runningMesh(SETTINGS);

const TURNS = [['worker'], ['mechanic'], ['mechanic', 'worker']] as const;

verifies('jobs:start-killed', async () => {
  const { lab, operator } = mesh;
  await startedOnce(operator, lab, async () => {
    await lab.child('worker').crash();
    await lab.start('worker');
  });
});

verifies('jobs:outlive-mesh', async () => {
  const { lab } = mesh;
  await lab.replica('mechanic');
  await outlived(
    lab,
    () => lab.connect(lab.operatorToken()),
    async (kill) => {
      const apps = TURNS[kill % TURNS.length] ?? [];
      await Promise.all(apps.map((app) => lab.child(app).crash()));
      for (const app of apps) await lab.start(app);
    },
  );
});
