// What Python has itself, and packages that are imported by another name than PyPI has them under.

const STANDARD =
  '__future__ __main__ _thread abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo';

/** Modules of Python 3.8 to 3.14. */
export const PYTHON_STANDARD: ReadonlySet<string> = new Set(STANDARD.split(' '));

/** Imported as → distributions that have it. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  alpaca: 'alpyca',
  attr: 'attrs',
  bs4: 'beautifulsoup4',
  cairo: 'pycairo',
  cv2: 'opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless',
  Crypto: 'pycryptodome pycrypto',
  Cryptodome: 'pycryptodomex',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  faiss: 'faiss-cpu faiss-gpu',
  fitz: 'pymupdf',
  git: 'gitpython',
  github: 'pygithub',
  google: 'protobuf google-cloud google-api-core google-auth google-genai',
  grpc: 'grpcio',
  IPython: 'ipython jupyterlab ipykernel notebook jupyter',
  jose: 'python-jose',
  jwt: 'pyjwt',
  lightning_fabric: 'lightning',
  magic: 'python-magic',
  mpl_toolkits: 'matplotlib',
  MySQLdb: 'mysqlclient',
  nacl: 'pynacl',
  onnxruntime: 'onnxruntime onnxruntime-gpu onnxruntime-directml',
  OpenSSL: 'pyopenssl',
  osgeo: 'gdal',
  PIL: 'pillow pillow-simd',
  pkg_resources: 'setuptools',
  pptx: 'python-pptx',
  psycopg: 'psycopg psycopg-binary',
  psycopg2: 'psycopg2 psycopg2-binary',
  pylab: 'matplotlib',
  pytorch_lightning: 'pytorch-lightning lightning',
  s3fs: 's3fs',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  slugify: 'python-slugify',
  socks: 'pysocks',
  tensorflow: 'tensorflow tensorflow-cpu',
  tomli: 'tomli',
  umap: 'umap-learn',
  usb: 'pyusb',
  websocket: 'websocket-client',
  wx: 'wxpython',
  yaml: 'pyyaml',
  zmq: 'pyzmq',
};

/** Distributions that an import may come from, the likeliest first. */
export const distributionsOf = (module: string): string[] => [
  ...(OTHER_NAMES[module]?.split(' ') ?? []),
  module.toLowerCase().replaceAll('_', '-'),
];

/** Modules that a distribution may be imported as. */
export const modulesOf = (distribution: string): string[] => [
  ...Object.entries(OTHER_NAMES).flatMap(([module, names]) =>
    names.split(' ').includes(distribution) ? [module] : [],
  ),
  distribution.replaceAll('-', '_'),
  distribution.replace(/^(python|py)-?/, '').replaceAll('-', '_'),
  distribution.replace(/-(python|py)$/, '').replaceAll('-', '_'),
  distribution.split('-')[0] ?? distribution,
];

/** Started, loaded by name or there for others: nobody imports them. */
export const PYTHON_TOOLS =
  /^(pip|pip-tools|setuptools.*|wheel|build|twine|hatch.*|poetry.*|flit.*|uv|tox|nox|pytest.*|coverage|ruff|black|isort|flake8.*|pylint|mypy.*|pyright|pre-commit|jupyter.*|notebook|nb.*|ipykernel|ipywidgets|ipympl|uvicorn|gunicorn|hypercorn|cython|types-.*|.*-stubs|alpaca-simulators|tensorboard|onnxscript|tzdata|certifi|pyarrow|fastparquet|openpyxl|lxml|h5netcdf|netcdf4|python-multipart|psycopg-binary|asyncpg|nvidia-.*|triton)$/;
