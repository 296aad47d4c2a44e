// Light or dark: the system's wish until the person chooses, then their choice, kept in this browser.
import { useState } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'labmesh.theme';

function remembered(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined; // storage is switched off: the system's wish holds
  }
}

const systemTheme = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/** Call before the first paint, so a remembered choice never flashes the other way round. */
export function applyRememberedTheme(): void {
  const theme = remembered();
  if (theme) document.documentElement.dataset.theme = theme;
}

export function useTheme(): { theme: Theme; toggle: () => void } {
  const [theme, setTheme] = useState<Theme>(() => remembered() ?? systemTheme());
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // storage is switched off: the choice lasts as long as the page
    }
    setTheme(next);
  };
  return { theme, toggle };
}
