// How to read a dataset elsewhere, to copy.
import { useState } from 'react';
import { CopyButton } from '../../ui/copy-button.js';
import { OneOf } from '../../ui/one-of.js';
import type { Dataset } from '../dataset.js';
import { snippetsFor } from './snippets.js';

export function SnippetSection({ dataset }: { dataset: Dataset }) {
  const lab = new URL('.', document.baseURI).href.replace(/\/$/, '');
  const snippets = snippetsFor(dataset, lab);
  const [name, setName] = useState(snippets[0]?.name);
  const shown = snippets.find((each) => each.name === name);
  return (
    <section className="about-section" aria-label="Use it elsewhere">
      <h2>Use it elsewhere</h2>
      <OneOf
        legend="Where"
        group="snippet"
        choices={snippets.map((each) => ({ name: each.name, label: each.name }))}
        chosen={name}
        onChosen={setName}
      />
      {shown && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="code-block snippet" tabIndex={0} data-testid="dataset-snippet">
            {shown.text}
          </pre>
          <div className="row snippet-foot">
            <CopyButton text={() => shown.text} label="Copy" />
            <span className="muted">A token of yours belongs in LABMESH_TOKEN.</span>
          </div>
        </>
      )}
    </section>
  );
}
