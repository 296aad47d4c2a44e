// What answers of a model are made of, for the Librarian's module.
import type { Provider } from '@nestjs/common';
import { Conversing } from './conversing.js';
import { Following } from './following.js';
import { ModelTest } from './model-test.js';
import { Models } from './models.js';
import { ModelsRepository } from './models.repository.js';
import { OfferedTools } from './offered-tools.js';

export const assistantProviders: Provider[] = [
  ModelsRepository,
  Models,
  ModelTest,
  OfferedTools,
  Following,
  Conversing,
];
