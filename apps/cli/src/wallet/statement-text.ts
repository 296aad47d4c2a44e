// One statement of many pages: each page is a whole CSV or JSON document, and so is what they are joined to.

interface Joined {
  /** What is to be written of the next page. */
  readonly page: (content: string) => string;
  readonly end: () => string;
}

export const joinedStatement = (format: 'csv' | 'json'): Joined => (format === 'csv' ? joinedCsv() : joinedJson());

/** The header stands once. It is the first line: names of columns hold no line breaks. */
function joinedCsv(): Joined {
  let headed = false;
  return {
    page: (content) => {
      const text = headed ? content.slice(content.indexOf('\n') + 1) : content;
      headed = true;
      return text;
    },
    end: () => '',
  };
}

function joinedJson(): Joined {
  let entries = 0;
  return {
    page: (content) => {
      const lines = (JSON.parse(content) as unknown[]).map((entry) => JSON.stringify(entry));
      if (lines.length === 0) return '';
      const text = `${entries === 0 ? '[\n' : ',\n'}${lines.join(',\n')}`;
      entries += lines.length;
      return text;
    },
    end: () => (entries === 0 ? '[]\n' : '\n]\n'),
  };
}
