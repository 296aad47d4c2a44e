// Names that texts mention: of packages and commands, whole and in parts. Linear, whatever the text.

const WORD = /@?[\w.-]+(?:\/[\w.-]+)*/g;

/** `node_modules/@nestjs/cli/bin` mentions itself, its parts, and `@nestjs/cli`. */
export function wordsOf(texts: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of texts)
    for (const [word] of text.toLowerCase().matchAll(WORD)) {
      const parts = word.replace(/\.+$/, '').split('/');
      words.add(parts.join('/'));
      for (const [index, part] of parts.entries()) {
        words.add(part);
        if (part.startsWith('@')) words.add(`${part}/${parts[index + 1]}`);
      }
    }
  return words;
}
