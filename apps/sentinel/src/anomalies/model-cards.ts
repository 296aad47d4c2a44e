// What the cards of the installed models say, for whoever reads a report. The models themselves are run elsewhere.
import { join } from 'node:path';
import { type ModelCard, readModelFile } from '@labmesh/anomaly';
import { ANOMALY_MODELS, type AnomalyModel, type sentinel, type ToolOutput } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig, modelsFolder } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';

type Shown = ToolOutput<(typeof sentinel.tools)['anomaly_report']>['summary']['models'];

/** What the rate of a model counts: the content model's is of texts of many origins, which a lab of its own hardly writes. */
const COUNTED: Readonly<Record<AnomalyModel, string>> = { content: 'texts of many origins', behaviour: 'calls' };

@Injectable()
export class ModelCards {
  readonly #read = new Map<AnomalyModel, Promise<ModelCard>>();

  constructor(@Inject(LAB_CONFIG) private readonly lab: Pick<LabConfig, 'installRoot'>) {}

  /** @throws AppError not_found, invalid_input when the installation has no such model */
  of(model: AnomalyModel): Promise<ModelCard> {
    const known = this.#read.get(model);
    if (known !== undefined) return known;
    const read = readModelFile(join(modelsFolder(this.lab.installRoot), `${model}.onnx`)).then(({ card }) => card);
    this.#read.set(model, read);
    read.catch(() => this.#read.delete(model));
    return read;
  }

  /** A model that is not there is left out. */
  async shown(): Promise<Shown> {
    const cards = await Promise.allSettled(
      ANOMALY_MODELS.map(async (model) => ({ model, card: await this.of(model) })),
    );
    return cards.flatMap((read) => {
      if (read.status === 'rejected') return [];
      const { model, card } = read.value;
      const { falseAlarmRateWanted: rate, date } = card.trained;
      const falseAlarmRate =
        typeof rate === 'number' ? { falseAlarmRate: `1 of ${Math.round(1 / rate)} ${COUNTED[model]}` } : {};
      return [{ model, name: card.name, trained: date, threshold: card.threshold, ...falseAlarmRate }];
    });
  }
}
