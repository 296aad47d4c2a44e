// Lets go of what the formats hold open: the data engine and the thread for YAML. Opens nothing: that happens at first use.
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { engine } from '../engine/engine.js';
import { closeYaml } from './yaml.js';

@Injectable()
export class FormatEngines implements OnModuleDestroy {
  async onModuleDestroy(): Promise<void> {
    await Promise.all([engine.close(), closeYaml()]);
  }
}
