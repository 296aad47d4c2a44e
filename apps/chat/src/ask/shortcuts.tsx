// The keys of Ask: what they do, and a list of them.
import { useEffect, useRef, useState } from 'react';
import { QuestionDialog } from '../ui/question-dialog.js';

export const SHORTCUTS = [
  { keys: 'Enter', does: 'sends the question; with Shift it begins a new line' },
  { keys: 'Escape', does: 'stops the answer that is being written' },
  { keys: '/', does: 'goes to the box for questions' },
  { keys: 'Alt N', does: 'begins a new conversation' },
  { keys: 'Alt K', does: 'searches your conversations' },
  { keys: 'Alt Shift ←, Alt Shift →', does: 'show the version before and after, of the last turn that has several' },
  { keys: '?', does: 'shows this list' },
] as const;

export type Command = 'stop' | 'write' | 'new' | 'search' | 'before' | 'after' | 'help';

const BY_KEY: Readonly<Record<string, Command>> = { Escape: 'stop', '/': 'write', '?': 'help' };
const BY_ALT: Readonly<Record<string, Command>> = {
  KeyN: 'new',
  KeyK: 'search',
};
/** Alt and an arrow alone are the browser's Back and Forward. */
const BY_ALT_SHIFT: Readonly<Record<string, Command>> = { ArrowLeft: 'before', ArrowRight: 'after' };
/** Keys of one character can be turned off: who speaks to the page, or slips, should set nothing off. */
const OFF_KEY = 'labmesh.keys-off';

/** Where keys are letters that somebody writes. */
const isWriting = (target: EventTarget | null): boolean =>
  target !== null &&
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable]') !== null;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'target'>;

export function commandOf(event: Pressed, singles: boolean): Command | undefined {
  if (event.ctrlKey || event.metaKey) return undefined;
  if (event.altKey) return (event.shiftKey ? BY_ALT_SHIFT : BY_ALT)[event.code];
  const command = BY_KEY[event.key];
  return command === 'stop' || (singles && !isWriting(event.target)) ? command : undefined;
}

function singlesAreOn(): boolean {
  try {
    return localStorage.getItem(OFF_KEY) === null;
  } catch {
    return true; // storage is switched off
  }
}

function turnSingles(on: boolean): void {
  try {
    if (on) localStorage.removeItem(OFF_KEY);
    else localStorage.setItem(OFF_KEY, 'off');
  } catch {
    // storage is switched off
  }
}

/** Dialogs have their own keys. */
export function useShortcuts(run: (command: Command) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const command = commandOf(event, singlesAreOn());
      if (command === undefined) return;
      if (command !== 'stop') event.preventDefault();
      latest.current(command);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [singles, setSingles] = useState(singlesAreOn);
  return (
    <QuestionDialog title="Keys of this page" testId="shortcuts" onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="check-label">
        <input
          type="checkbox"
          checked={singles}
          onChange={(event) => {
            setSingles(event.target.checked);
            turnSingles(event.target.checked);
          }}
        />
        Keys of one character, / and ?
      </label>
    </QuestionDialog>
  );
}
