// Copies a text and says so. Works on plain http too, where browsers hide the clipboard interface.
import { useEffect, useState } from 'react';
import { Icon } from './icon.js';

/** `navigator.clipboard` exists in secure contexts only; a lab on http://host:3000 is none. */
async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // refused: try the old way
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

export function CopyButton({ text, label }: { text: () => string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const shown = { idle: label, copied: 'Copied', failed: 'Could not copy' }[state];
  return (
    <button
      type="button"
      className="button button-small"
      onClick={() => void copyText(text()).then((copied) => setState(copied ? 'copied' : 'failed'))}
    >
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{shown}</span>
    </button>
  );
}
