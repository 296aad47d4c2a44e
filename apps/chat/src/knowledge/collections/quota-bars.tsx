// How much of what a wallet may bring is taken.
import type { Collections } from '../knowledge.js';
import { charactersText } from './collection-words.js';

export const QuotaBars = ({ quota }: { quota: Collections['quota'] }) => (
  <section className="card quota" aria-label="Your quota" data-testid="quota">
    <Bar
      name="Documents"
      taken={quota.documents}
      most={quota.documentsMax}
      said={`${quota.documents.toLocaleString('en')} of ${quota.documentsMax.toLocaleString('en')}`}
    />
    <Bar
      name="Text"
      taken={quota.characters}
      most={quota.charactersMax}
      said={`${quota.characters.toLocaleString('en')} of ${charactersText(quota.charactersMax)}`}
    />
  </section>
);

interface BarProps {
  readonly name: string;
  readonly taken: number;
  readonly most: number;
  readonly said: string;
}

const Bar = ({ name, taken, most, said }: BarProps) => (
  <div className="quota-bar">
    <p>
      <strong>{name}</strong> <span className="muted">{said}</span>
    </p>
    <progress className="progress" aria-label={`${name}: ${said}`} value={taken} max={most} />
  </div>
);
