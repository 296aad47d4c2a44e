// Colours of the page's theme for what is drawn on a canvas, which knows no CSS variables. Told anew when the theme changes.
import { type RefObject, useEffect, useState } from 'react';

export interface Colours {
  readonly line: string;
  readonly area: string;
  readonly text: string;
  readonly grid: string;
}

/** `light-dark()` and variables are resolved in the colours of an element, not in the variables themselves. */
function coloursAt(element: Element): Colours {
  const { color, borderTopColor, outlineColor, backgroundColor } = getComputedStyle(element);
  return { line: color, grid: borderTopColor, text: outlineColor, area: backgroundColor };
}

/** @param probe an element whose text has the line's colour, its border the grid's, its outline the axes' */
export function useThemeColours(probe: RefObject<Element | null>): Colours | undefined {
  const [colours, setColours] = useState<Colours>();
  useEffect(() => {
    const read = () => probe.current && setColours(coloursAt(probe.current));
    read();
    const seen = new MutationObserver(read);
    seen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => {
      seen.disconnect();
      system.removeEventListener('change', read);
    };
  }, [probe]);
  return colours;
}
