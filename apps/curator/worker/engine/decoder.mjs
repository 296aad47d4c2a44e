// Loads packages so that they leave a byte order mark at the front of a text where it is. They make their decoders when they are
// loaded: whoever needs one of these must take it from here.
const Decoder = globalThis.TextDecoder;

async function keepingMarks(load) {
  globalThis.TextDecoder = class extends Decoder {
    constructor(label, options) {
      super(label, { ...options, ignoreBOM: true });
    }
  };
  try {
    return await load();
  } finally {
    globalThis.TextDecoder = Decoder;
  }
}

/** DuckDB's driver. */
export const duckdb = await keepingMarks(() => import('@duckdb/node-api'));

let arrow;
/** Apache Arrow, from the first use on. */
export const loadArrow = () => {
  arrow ??= keepingMarks(() => import('apache-arrow'));
  return arrow;
};
