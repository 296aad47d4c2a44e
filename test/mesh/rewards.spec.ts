// Rewards and stakes over NATS, on a server's database: the Curator tells, the Chancellor pays.
import { sharedMesh } from '../harness/shared-mesh.js';
import { rewardStory } from '../story/rewards.story.js';

const mesh = sharedMesh();

rewardStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
