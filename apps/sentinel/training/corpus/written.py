"""Ordinary texts that no package has enough of: notation, identifiers, paths, addresses, hashes, logs, bulletins, measures."""
import json
import random
import string
from collections.abc import Callable

from .grammar import Grammar

BULLETINS = Grammar("ordinary", "bulletin")
Write = Callable[[random.Random], str]
ELEMENTS = "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Ti Cr Mn Fe Co Ni Cu Zn Br Ag I Ba Pt Au Hg Pb U".split()
UNITS = "m cm mm km kg g mg s ms min h K °C Pa kPa mbar eV keV J W V A Hz MHz mol mmol/l µm nm Å T W/m^2 m/s² kg·m⁻³ erg/cm2/s".split()
GREEK = "α β γ δ ε θ λ μ π ρ σ τ φ χ ψ ω Δ Σ Ω".split()
WORDS = "run flux sample probe spectrum calib raw export final test data image frame report draft notes config model result log".split()
EXTENSIONS = "csv json fits txt md py R ipynb h5 nc parquet tar.gz png tif yaml log fastq.gz bam xlsx pdf tex".split()
SYSTEM = (r"Windows\System32", r"WINDOWS\system32", r"windows\system32\drivers", r"Windows\Temp", r"Windows\Fonts", r"Windows\System32\WindowsPowerShell\v1.0", "Windows", r"ProgramData\Microsoft", r"Program Files (x86)\Lab", "inetpub")
HOSTS = "example.org data.nasa.gov doi.org www.ncbi.nlm.nih.gov kauai.ccmc.gsfc.nasa.gov lab.local github.com en.wikipedia.org arxiv.org".split()


def some(chance: random.Random, letters: str, low: int, high: int) -> str:
    return "".join(chance.choices(letters, k=chance.randint(low, high)))


def number(chance: random.Random) -> str:
    value = chance.choice([chance.randint(0, 9), chance.randint(0, 99_999), round(chance.gauss(0, 50), chance.randint(1, 6))])
    form = chance.choice(["{}", "{}", "{:,}", "{:e}", "+{}", "{} ± 0.1", "~{}", "<{}", "≥ {}", "{}%", "({})", "{}.", "-{}"])
    return form.format(value)


def measure(chance: random.Random) -> str:
    return f"{number(chance)}{chance.choice([' ', '', ' '])}{chance.choice(UNITS)}"


def formula(chance: random.Random) -> str:
    parts = "".join(chance.choice(ELEMENTS) + chance.choice(["", "", "2", "3", "4", "12"]) for _ in range(chance.randint(1, 4)))
    return parts + chance.choice(["", "", "+", "2-", " (s)", " (aq)", "·H2O", f" + {chance.choice(ELEMENTS)}2 -> {chance.choice(ELEMENTS)}O"])


def equation(chance: random.Random) -> str:
    letters = [chance.choice([*string.ascii_letters, *GREEK]) for _ in range(5)]
    forms = (
        "{0} = {1}*{2} + {3}", "{0}({1}) = exp(-{2}/{3})", "\\frac{{{0}}}{{{1}}} + \\sqrt{{{2}}}", "$\\int_0^\\infty {0}({1})\\,d{1}$",
        "{0}_{{{1}}}^{{{2}}} = \\sum_{{n=0}}^{{N}} {3}_n", "d{0}/d{1} = -{2} {0}", "||{0}||_2 <= {1}", "{0}' = {1}''({2})", "{0} & {1} \\\\ {2} & {3}",
        "\\begin{{pmatrix}} {0} & {1} \\\\ {2} & {3} \\end{{pmatrix}}", "{0} ∈ {{{1}, {2}}}", "({0} + {1}) * {2} / {3}", "sin({0})^2 + cos({0})^2 == 1",
        "\\mathcal{{{0}}} \\left( {1} \\right) \\approx 10^{{-3}}", "{0} ~ N({1}, {2}²)", "|{0}⟩⟨{1}|", "{0}:={1}|{2}", "{0} mod {1} == 0", "{{{0}}} \\cup {{{1}}}", "{0}[{1}] = {2}[{3}] & 1",
    )
    return chance.choice(forms).format(*letters)


def identifier(chance: random.Random) -> str:
    word, other = chance.choice(WORDS), chance.choice(WORDS)
    n = chance.randint(0, 99_999)
    forms = (
        f"{word}_{other}", f"{word}-{n}", f"{word.upper()}{n}", f"{word}.{other}.{n}", f"{some(chance, string.ascii_uppercase, 1, 4)}-{n}/{chance.randint(1, 9)}",
        f"{word}{other.title()}", f"NGC {n}", f"HD {n} b", f"SN 20{n % 30:02}{some(chance, string.ascii_lowercase, 1, 3)}", f"{some(chance, string.ascii_uppercase, 2, 3)}_{n:06}.{chance.randint(1, 3)}",
        f"rs{n}", f"ENSG{n:011}", f"#{n}", f"v{n % 9}.{n % 13}.{n % 7}-rc{n % 4}", f"{word}@{n % 9}", f"{word}:{other}", f"wal_{n}", f"ds_{word}-{n}", f"plate {n % 9}, well {chance.choice('ABCDEFGH')}{n % 12}",
        f"{word}[{n % 9}]", f"{word}({n % 5})", f"{word}/{other}#{n}", f"({word})", f"{word}'", f"{word} (copy {n % 9})", f"{word}*", f"{some(chance, string.ascii_uppercase, 3, 8)}_HUMAN", f"10.{n % 9000 + 1000}/{word}.{n}",
    )
    return chance.choice(forms)


def path(chance: random.Random) -> str:
    parts = [chance.choice([*WORDS, some(chance, string.ascii_lowercase, 2, 8), str(chance.randint(0, 2030)), identifier(chance).replace("/", "_").replace(" ", "-")]) for _ in range(chance.randint(1, 5))]
    file = f"{parts[-1]}.{chance.choice(EXTENSIONS)}"
    start = chance.choice(["/", "/home/ada/", "/data/", "/usr/share/", "/var/lib/", "~/", "./", "../", "../../", "", "", "", "s3://lab-bucket/", "$HOME/", "/etc/", "/tmp/", "/var/log/", "/proc/", "/opt/", "/dev/"])
    back = "\\".join([*parts[:-1], file])
    windows = chance.choice([f"C:\\Users\\ada\\{back}", f"D:\\{back}", f"\\\\nas01\\shared\\{back}", back, f"C:/Program Files/{parts[0]}/{file}", f"%APPDATA%\\{back}", f"..\\{back}"])
    if chance.random() < 0.1:
        return chance.choice([f"C:\\path\\to\\{file}", "/path/to/" + file, f"path/to/{parts[0]}", f"C:\\path\\to\\{parts[0]}", f"/{parts[0]}/b1%2Cb{chance.randint(1, 99)}%2Cb2", f"/{parts[0]}/{parts[-1]}%20{chance.randint(1, 9)}", f"oci://{parts[0]}/{parts[-1]}", f"/../{parts[0]}", f"../../{parts[0]}", f"../../../{parts[0]}/{file}"])
    if chance.random() < 0.15:
        windows = f"{chance.choice(['C:', 'c:', '%SystemRoot%', '%windir%', 'D:'])}\\{chance.choice(SYSTEM)}\\{chance.choice([file, parts[0], parts[-1] + '.dll', parts[-1] + '.exe'])}"
    unix = start + "/".join([*parts[:-1], chance.choice([file, file, parts[-1], parts[-1] + "/", "*." + chance.choice(EXTENSIONS), "__init__.py"])])
    return windows if chance.random() < 0.25 else unix


def address(chance: random.Random) -> str:
    host = chance.choice([*HOSTS, f"{some(chance, string.ascii_lowercase, 3, 10)}.{chance.choice(['org', 'com', 'edu', 'io', 'gov', 'de'])}"])
    place = path(chance).lstrip("/~.$").replace("\\", "/").replace(" ", "%20")
    query = "&".join(f"{chance.choice(WORDS)}={chance.choice([number(chance), chance.choice(WORDS), '2017-09-01', 'true', '%5B1%2C2%5D', 'a%2Fb'])}" for _ in range(chance.randint(1, 5))).replace(" ", "+")
    forms = (f"https://{host}/{place}", f"https://{host}/{place}?{query}", f"http://{host}:8080/{place}", f"https://{host}/{place}#L{chance.randint(1, 900)}", f"git+ssh://git@{host}/{place}.git", f"ftp://{host}/{place}", f"https://{host}", f"http://localhost:3000/{place}?{query}", f"{host}/{place}", f"?{query}", f"/api/v1/{place}?{query}")
    return chance.choice(forms)


def digest(chance: random.Random) -> str:
    size = chance.choice([7, 8, 16, 32, 40, 64, 128])
    hexadecimal = some(chance, "0123456789abcdef", size, size)
    letters = string.ascii_letters + string.digits + "+/"
    base64 = some(chance, letters, 8, 300)
    return chance.choice([hexadecimal, f"sha256:{hexadecimal}", hexadecimal.upper(), base64 + "=", base64 + "==", f"sha512-{base64}==", base64.replace("+", "-").replace("/", "_"), "-".join(some(chance, "0123456789abcdef", k, k) for k in (8, 4, 4, 4, 12)), f"0x{hexadecimal}", f"{hexadecimal}  {path(chance)}", f"data:image/png;base64,iVBORw0KGgo{base64}"])


def time(chance: random.Random) -> str:
    day = f"20{chance.randint(10, 26)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    clock = f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}"
    return chance.choice([f"{day}T{clock}Z", f"{day} {clock}:{chance.randint(0, 59):02},{chance.randint(0, 999):03}", day, f"{clock}:12", f"{day}T{clock}:00.000+02:00", f"[{day} {clock}]", f"Sep {chance.randint(1, 28)} {clock}:01"])


def log(chance: random.Random) -> str:
    level = chance.choice("INFO WARN ERROR DEBUG error info FATAL".split())
    ip = ".".join(str(chance.randint(1, 254)) for _ in range(4))
    forms = (
        f'{ip} - - [{time(chance)}] "GET /{path(chance).lstrip("/")} HTTP/1.1" {chance.choice([200, 304, 404])} {chance.randint(9, 99999)} "-" "Mozilla/5.0 (X11; Linux x86_64)"',
        f"GET /{path(chance).lstrip('/')} HTTP/1.1\nHost: {chance.choice(HOSTS)}\nAccept: */*\nUser-Agent: curl/8.{chance.randint(0, 9)}",
        f"POST /api/{chance.choice(WORDS)} HTTP/1.1\nContent-Type: application/json\n\n{json.dumps({chance.choice(WORDS): number(chance)})}",
        f"{time(chance)} {level} [{identifier(chance)}] {identifier(chance)}: took {measure(chance)} (id={digest(chance)[:12]})",
        f"{time(chance)} host sshd[{chance.randint(100, 9999)}]: Accepted publickey for ada from {ip} port {chance.randint(1024, 65000)} ssh2",
        f'Traceback (most recent call last):\n  File "{path(chance)}", line {chance.randint(1, 999)}, in <module>\n    {identifier(chance)}\nValueError: invalid literal for int() with base 10: \'{chance.choice(WORDS)}\'',
        f"    at {identifier(chance)} ({path(chance)}:{chance.randint(1, 999)}:{chance.randint(1, 99)})", f"kernel: [{chance.random() * 9999:.6f}] usb {chance.randint(1, 4)}-1: new device, idVendor=0{chance.randint(100, 999)}",
        f"{level}: {path(chance)}:{chance.randint(1, 99)}:{chance.randint(1, 40)}: expected ';' before '}}' token", f"npm ERR! code E404\nnpm ERR! {address(chance)}",
        f"level={level} ts={time(chance)} caller={chance.choice(WORDS)}.go:{chance.randint(1, 999)} msg=\"{chance.choice(WORDS)} failed\" err=\"connection refused\"",
    )
    return "\n".join([chance.choice(forms), *([chance.choice(forms)] if chance.random() < 0.3 else [])])


def bulletin(chance: random.Random) -> str:
    activity = f"20{chance.randint(10, 26)}-09-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:{chance.randint(0, 59):02}"
    kind = chance.choice("CME FLR GST HSS IPS MPC RBE SEP".split())
    about = {
        "activityID": f"{activity}:00-{kind}-001", "startTime": f"{activity}Z", "sourceLocation": f"S{chance.randint(1, 40):02}W{chance.randint(1, 90):02}", "classType": f"{chance.choice('BCMX')}{chance.random() * 9:.1f}",
        "instruments": [{"displayName": "SOHO: LASCO/C2"}], "link": f"https://webtools.ccmc.gsfc.nasa.gov/DONKI/view/{kind}/{chance.randint(1, 99999)}/-1", "note": "Visible in C2 and COR2A; the source is a filament (~S10E25), see AIA 193/304.",
        "linkedEvents": None, "activeRegionNum": chance.randint(12000, 14000), "isMostAccurate": True, "speed": chance.random() * 2000,
    }
    keys = chance.sample(sorted(about), chance.randint(2, len(about)))
    text = f"## Message Type: Space Weather Notification - {kind}\n##\n## Message Issue Date: {activity}Z\n\n## Summary:\n\nSignificant flare detected by GOES. Start time: {activity}Z. Estimated speed: ~{chance.randint(300, 2500)} km/s. Opening half-angle: {chance.randint(10, 50)} deg. Direction (lon./lat.): {chance.randint(-90, 90)}/{chance.randint(-90, 90)} in HEEQ."
    metar = f"METAR {some(chance, string.ascii_uppercase, 4, 4)} {chance.randint(100000, 312359)}Z {chance.randint(0, 36):02}0{chance.randint(2, 40):02}KT 9999 BKN0{chance.randint(10, 99)} {chance.randint(0, 35):02}/M0{chance.randint(1, 9)} Q10{chance.randint(10, 40)} NOSIG="
    weather = "\n".join(BULLETINS.text(chance) for _ in range(chance.randint(1, 4)))
    if chance.random() < 0.3:
        return weather
    return chance.choice([json.dumps({key: about[key] for key in keys}), json.dumps([{key: about[key] for key in keys}], indent=2), text, metar, f"{metar}\n{metar.lower().upper()}"])


def table(chance: random.Random) -> str:
    columns = chance.sample(WORDS, chance.randint(2, 6))
    mark = chance.choice([",", ",", ";", "\t", " | "])
    makers = [chance.choice([number, time, identifier, measure, lambda one: one.choice(WORDS), lambda one: one.choice(["", "NA", "null", '"a, b"', "-"])]) for _ in columns]
    rows = [mark.join(make(chance) for make in makers) for _ in range(chance.randint(1, 8))]
    return "\n".join([*([mark.join(columns)] if chance.random() < 0.7 else []), *rows])


FRAGMENTS = "C CC CCC N O S Cl Br F c1ccccc1 c1ccc(O)cc1 c1ccc(Cl)cc1 c1ccncc1 c1ccc2ccccc2c1 C(=O)O C(=O)N C(=O) [C@@H](N) [C@H](O) S(=O)(=O) [nH] [N+](=O)[O-] OC N(C)C C#N C=C C1CCCCC1 C1CCNCC1 n1cncn1 [NH4+] [Na+].[Cl-] /C=C/ C(F)(F)F P(=O)(O)O [C;H1] [#6] [!#1] $([OX2H]) [R] c(c)".split()


def smiles(chance: random.Random) -> str:
    written = "".join(chance.choice([one, f"({one})"]) for one in chance.choices(FRAGMENTS, k=chance.randint(1, 8)))
    layers = f"InChI=1S/{formula(chance).split()[0]}/c{chance.randint(1, 9)}-{chance.randint(1, 9)}({chance.randint(1, 20)})/h{chance.randint(1, 9)}-{chance.randint(2, 9)}H,{chance.randint(1, 3)}H{chance.randint(2, 3)}"
    return chance.choice([written, written, layers, layers.rsplit("/", chance.randint(1, 2))[0]])


def sequence(chance: random.Random) -> str:
    letters = chance.choice(["ACGT", "ACGTN", "ACDEFGHIKLMNPQRSTVWY", "ACGU", "-ACGT"])
    bases = some(chance, letters, 8, 120)
    quality = some(chance, "".join(chr(code) for code in range(33, 75)), len(bases), len(bases))
    smiles = some(chance, "CCCCNOcn1(=O)[]@H#+-/\\2", 5, 50)
    forms = (bases, f">{identifier(chance)} {chance.choice(WORDS)}\n{bases}", f"@{identifier(chance)}\n{bases}\n+\n{quality}", f"{identifier(chance)}\t{chance.randint(0, 200)}\tchr1\t{chance.randint(1, 99999)}\t60\t{chance.randint(30, 150)}M\t=\t100\t0\t{bases}\t{quality}\tNM:i:0", smiles, f"chr{chance.randint(1, 22)}\t{chance.randint(1, 9999)}\t.\tA\tG\t50\tPASS\tDP={chance.randint(1, 99)};AF=0.5", f"5'-{bases}-3'", quality)
    return chance.choice(forms)


#: Each with the kind of field in which a lab holds it.
KINDS: dict[str, tuple[str, Write, int]] = {
    "number": ("identifier", number, 3_000), "measure": ("identifier", measure, 3_000), "formula": ("identifier", formula, 2_000), "equation": ("code", equation, 6_000),
    "identifier": ("identifier", identifier, 8_000), "path": ("path", path, 8_000), "address": ("path", address, 8_000), "digest": ("data", digest, 5_000), "time": ("identifier", time, 1_500),
    "log": ("data", log, 8_000), "bulletin": ("data", bulletin, 6_000), "table": ("data", table, 6_000), "sequence": ("identifier", sequence, 6_000), "structure": ("identifier", smiles, 7_000),
}
