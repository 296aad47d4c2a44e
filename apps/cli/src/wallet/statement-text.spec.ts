// Pages of a statement become one document.
import { describe, expect, it } from 'vitest';
import { joinedStatement } from './statement-text.js';

const joined = (format: 'csv' | 'json', pages: readonly string[]): string => {
  const { page, end } = joinedStatement(format);
  return pages.map((content) => page(content)).join('') + end();
};

describe('a statement of many pages', () => {
  it('has one header as CSV, and memos with line breaks as they were', () => {
    expect(joined('csv', ['at,memo\r\n1,"a\nb"\r\n', 'at,memo\r\n', 'at,memo\r\n2,"c"\r\n'])).toBe(
      'at,memo\r\n1,"a\nb"\r\n2,"c"\r\n',
    );
  });

  it('is one list as JSON, also when pages are empty', () => {
    const text = joined('json', [
      '[]',
      '[{"at":"1","change":"9223372036854.775807"}]',
      '[]',
      '[{"at":"2"},{"at":"3"}]',
    ]);
    expect(JSON.parse(text)).toEqual([{ at: '1', change: '9223372036854.775807' }, { at: '2' }, { at: '3' }]);
    expect(JSON.parse(joined('json', ['[]']))).toEqual([]);
  });
});
