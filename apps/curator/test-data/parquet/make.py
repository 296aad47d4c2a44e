# Writes the Parquet files beside it, which DuckDB cannot write itself. Needs pyarrow (26.0).
import datetime, decimal, pathlib, struct
import pyarrow as pa, pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
NANOS = 1577836800123456789


def write(name, columns, **options):
    table = pa.Table.from_arrays([array for _, array in columns], names=[column for column, _ in columns])
    pq.write_table(table, HERE / f'{name}.parquet', **options)


def ints(*values):
    return pa.array(values)


PAIR = pa.struct([('id', pa.int64()), ('ID', pa.int64())])
write('names', [('id', ints(1)), ('ID', ints(2)), ('ID_1', ints(3)), ('', ints(4)), ('µ', ints(5)), ('M', ints(6))])
write('names-twice', [('a', ints(1)), ('a', ints(2))])
write('names-nested', [('s', pa.array([[{'id': 1, 'ID': 2}]], type=pa.list_(PAIR)))])
write('names-none', [('s', pa.array([{'': 1}], type=pa.struct([('', pa.int64())])))])
write('nanoseconds', [
    ('utc', pa.array([NANOS, None], type=pa.timestamp('ns', tz='UTC'))),
    ('local', pa.array([NANOS, -1], type=pa.timestamp('ns'))),
    ('list', pa.array([[NANOS], []], type=pa.list_(pa.timestamp('ns', tz='UTC')))),
    ('map', pa.array([[('k', {'at': NANOS})], None], type=pa.map_(pa.string(), pa.struct([('at', pa.timestamp('ns', tz='UTC'))])))),
])
write('int96', [('a', pa.array([NANOS], type=pa.timestamp('ns')))], use_deprecated_int96_timestamps=True)
write('time-nanoseconds', [('a', pa.array([3723000000004], type=pa.time64('ns')))])
write('decimal-256', [('a', pa.array([decimal.Decimal('1.5')], type=pa.decimal256(50, 2)))])
offsets = pa.py_buffer(struct.pack('<ii', 0, 2))
write('no-utf8', [('a', ints(1)), ('my text', pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(b'\xff\xfe')]))])
