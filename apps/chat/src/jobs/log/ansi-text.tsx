// One line of a log with its colours, as a terminal would show it. What it says is only ever text.
import Anser from 'anser';

export function AnsiText({ text }: { text: string }) {
  const line = text.replace(/\r$/, '');
  if (!line.includes('\u001b')) return line;
  const parts = Anser.ansiToJson(line, { json: true, use_classes: true, remove_empty: true });
  let at = 0;
  return parts.map(({ content, fg, bg, decorations }) => {
    const classes = [fg, bg && `${bg}-back`, ...decorations.map((name) => `ansi-${name}`)].filter(Boolean);
    const key = at;
    at += content.length;
    return (
      <span key={key} className={classes.join(' ')}>
        {content}
      </span>
    );
  });
}
