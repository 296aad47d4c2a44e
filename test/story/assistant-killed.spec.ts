// A lab of one process that is killed while a model answers.
import { afterAll, beforeAll } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { crashStory } from './assistant.story.js';

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

crashStory(() => ({ lab, crash: () => lab.crashAndRestart() }));
