// Lets go of what the formats hold open: DuckDB and the thread for YAML. Opens nothing: that happens at first use.
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { closeDuckDb } from './duckdb.js';
import { closeYaml } from './yaml.js';

@Injectable()
export class FormatEngines implements OnModuleDestroy {
  async onModuleDestroy(): Promise<void> {
    await Promise.all([closeDuckDb(), closeYaml()]);
  }
}
