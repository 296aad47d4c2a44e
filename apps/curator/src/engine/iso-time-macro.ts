// iso_time(x) in SQL: every ISO 8601 time as a point in time. DuckDB wants seconds in a time, which ISO 8601 does not, nor NASA.
export const ISO_TIME = `CREATE MACRO iso_time(t) AS
  CAST(regexp_replace(t, '([T ]\\d\\d:\\d\\d)(Z|[+-]|$)', '\\1:00\\2') AS TIMESTAMP WITH TIME ZONE)`;
