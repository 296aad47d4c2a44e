// Modules of a project by folder: what each offers, and what it takes from others.
import { plural } from '../../ui/figures.js';
import type { Module } from '../project.js';
import { foldersOf } from './summary-text.js';

export const ModuleMap = ({ modules }: { modules: readonly Module[] }) => (
  <section aria-label="Who imports whom" data-testid="module-map">
    <h3>Who imports whom</h3>
    <ul className="module-folders">
      {foldersOf(modules).map(({ folder, modules: inside }) => (
        <li key={folder}>
          {folder !== '' && <p className="file-folder">{folder}/</p>}
          <ul className="module-list">
            {inside.map((module) => (
              <ModuleRow key={module.path} module={module} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  </section>
);

const ModuleRow = ({ module: { path, language, lines, exports, imports, packages } }: { module: Module }) => (
  <li className="module">
    <p>
      <strong className="mono">{path.split('/').at(-1)}</strong>{' '}
      <span className="muted">
        {language}, {plural(lines, 'line')}
      </span>
    </p>
    <Names label="offers" names={exports} />
    <Names label="imports" names={imports} />
    <Names label="takes from outside" names={packages} />
  </li>
);

const SHOWN = 12;

function Names({ label, names }: { label: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p className="muted">
      {label} <span className="mono">{names.slice(0, SHOWN).join(', ')}</span>
      {names.length > SHOWN && ` and ${names.length - SHOWN} more`}
    </p>
  );
}
