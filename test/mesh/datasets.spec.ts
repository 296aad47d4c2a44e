// Datasets of the promised size over NATS: from the gateway to the Curator and back.
import { sharedMesh } from '../harness/shared-mesh.js';
import { datasetStory } from '../story/datasets.story.js';

const mesh = sharedMesh();

datasetStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
