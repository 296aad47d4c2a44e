// The pictures that the source of a dataset can make; none where it comes from no source, or the caller may not ask for them.
import { useEffect, useState } from 'react';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

export interface SourceImage {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of each. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface SourceAnswer {
  readonly images: readonly SourceImage[];
}

const NONE: readonly SourceImage[] = [];

export function useSourceImages(source: string | undefined): readonly SourceImage[] {
  const { connection } = useLab();
  const parts = useParts();
  const [images, setImages] = useState(NONE);
  const asked = parts.has('source') && parts.has('imagery') ? source : undefined;
  useEffect(() => {
    setImages(NONE);
    if (asked === undefined) return;
    const controller = new AbortController();
    const call = { name: TOOLS.source, input: { source: asked }, signal: controller.signal };
    void callFor<SourceAnswer>(connection, call).then((outcome) => {
      if (!controller.signal.aborted && outcome.ok) setImages(outcome.value.images);
    });
    return () => controller.abort();
  }, [connection, asked]);
  return images;
}
