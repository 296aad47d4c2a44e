// What a client takes as an answer (RFC 9110, 12.5.1): media types in any case, wildcards, and what it excludes by `q=0`.

/** Whether `Accept` takes a media type, which is given in lower case; without the header anything is taken. */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined) return true;
  const ranges = header.toLowerCase().split(',').map(rangeOf);
  const wildcards = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*'];
  // The most specific range decides, also when it comes behind a wider one.
  for (const name of wildcards) {
    const found = ranges.filter((range) => range.name === name);
    if (found.length > 0) return found.some(({ quality }) => quality > 0);
  }
  return false;
}

function rangeOf(text: string): { readonly name: string; readonly quality: number } {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { name, quality: weight === undefined ? 1 : Number(weight) };
}
