// Who follows a log hears of it soon, and not a thousand times a second.
import { afterEach, expect, it, vi } from 'vitest';
import { LogNews } from './log-news.js';

afterEach(() => void vi.useRealTimers());

it('tells at once, then once a second while more comes, and of the last', () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const news = new LogNews({ tell: ({ uris }) => void told.push(...uris) });
  news.written('job_1');
  expect(told).toEqual(['job://job_1/logs']);
  for (let ms = 0; ms < 2_500; ms += 1) {
    news.written('job_1');
    vi.advanceTimersByTime(1);
  }
  news.written('job_2');
  expect(told).toEqual([...Array.from({ length: 3 }, () => 'job://job_1/logs'), 'job://job_2/logs']);
  vi.advanceTimersByTime(5_000);
  expect(told.length).toBe(5);
});
