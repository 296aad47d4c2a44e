// Weights as whole numbers of one byte, each row or column by a scale of its own, symmetric around 0.

export interface Quantized {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Of what is multiplied: seven bits in place of eight. On processors without VNNI two products of eight bits and eight bits are added
 * in sixteen, which is too few: a vector would depend on the machine that made it. Numbers without a sign would not, and take three
 * times as long.
 */
const FACTOR_MAX = 63;
const WHOLE_MAX = 127;

/** `[outputs, inputs]` becomes `[inputs, outputs]`, with a scale for each output. */
export function quantizedColumns(weight: Float32Array, outputs: number, inputs: number): Quantized {
  const values = new Int8Array(weight.length);
  const scales = new Float32Array(outputs);
  for (let output = 0; output < outputs; output += 1) {
    const row = weight.subarray(output * inputs, (output + 1) * inputs);
    const scale = scaleOf(row, FACTOR_MAX);
    scales[output] = scale;
    for (let input = 0; input < inputs; input += 1)
      values[input * outputs + output] = Math.round((row[input] ?? 0) / scale);
  }
  return { values, scales };
}

/** `[rows, width]`, with a scale for each row. */
export function quantizedRows(table: Float32Array, rows: number, width: number): Quantized {
  const values = new Int8Array(table.length);
  const scales = new Float32Array(rows);
  for (let at = 0; at < rows; at += 1) {
    const row = table.subarray(at * width, (at + 1) * width);
    const scale = scaleOf(row, WHOLE_MAX);
    scales[at] = scale;
    for (let i = 0; i < width; i += 1) values[at * width + i] = Math.round((row[i] ?? 0) / scale);
  }
  return { values, scales };
}

function scaleOf(row: Float32Array, most: number): number {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? 1 : largest / most;
}
