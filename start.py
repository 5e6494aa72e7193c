# -*- coding: utf-8 -*-
"""One file to start with, on a bare machine with only Python.

    python3 start.py           set up, then make the theme map of the sample
    python3 start.py lab       set up, then open JupyterLab on the notebooks
    python3 start.py test      set up with the test tools, then run the tests

On Windows: py start.py. Uses the standard library only, and old syntax on purpose: a Python that is too old must
reach the sentence that says so.
"""
from __future__ import print_function

import sys

OLDEST, TOO_NEW = (3, 11), (3, 14)

if not OLDEST <= sys.version_info[:2] < TOO_NEW:
    sys.stderr.write(
        u"Dit programma heeft Python 3.11, 3.12 of 3.13 nodig; dit is Python %d.%d. "
        u"Installeer Python 3.12 van python.org en start daarmee opnieuw.\n" % sys.version_info[:2]
    )
    sys.exit(2)

import hashlib
import os
import re
import shutil
import subprocess
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
BUSY = os.path.join(VENV, "bezig")
NEEDED_BYTES = 3 * 10**9
# pip knows no way to leave out one hard dependency, so the lock is installed without dependencies. BERTopic then
# misses sentence-transformers (and torch, 1 to 3 GB), which it runs without.
ALLOWED_MISSING = re.compile(r"bertopic .* requires sentence-transformers", re.IGNORECASE)
WARM_UP = "import bertopic, spacy, simplemma, plotly.graph_objects, wijkanalyse; simplemma.lemmatize('huis', lang='nl')"

NO_NETWORK = (
    "Er is geen verbinding met internet, of de pakketten zijn niet bereikbaar. Controleer de verbinding (of vraag "
    "bij een werklaptop naar de proxy) en start opnieuw; er hoeft niets opgeruimd te worden."
)
NO_SPACE = "De schijf is vol: er is ongeveer 3 GB nodig. Maak ruimte en start opnieuw; het afmaken gaat vanzelf."
NO_VENV = (
    "Python kan hier geen eigen omgeving maken. Op Debian of Ubuntu: sudo apt install python3-venv. Start daarna opnieuw."
)
NO_RIGHTS = "In deze map mag niet geschreven worden. Zet het project in een eigen map en start opnieuw."
UNKNOWN = "Het installeren lukte niet. De laatste regels hierboven zeggen waarom; start daarna gewoon opnieuw."


class Stop(Exception):
    """A sentence for the user; ends the program without a traceback."""


def main(arguments):
    what = arguments[0] if arguments else "demo"
    if what in ("-h", "--help", "help"):
        print("Gebruik: python3 start.py [lab | test | …]\n"
              "  zonder woord   richt alles in en maakt de themakaart van de voorbeeldverhalen\n"
              "  lab            opent de werkbank (JupyterLab)\n"
              "  test           richt in met de testgereedschappen en draait de tests\n"
              "  verwerk …      en de andere opdrachten van wijkanalyse gaan ook zo")  # fmt: skip
        return 0
    set_up("test" if what == "test" else "basis")
    if what == "test":
        return call([PYTHON, "-m", "pytest", "-n", "auto", "--maxprocesses", "4"] + arguments[1:])
    code = call([PYTHON, "-m", "wijkanalyse", what] + arguments[1:])
    if what == "demo" and code == 0:
        start = "py start.py" if os.name == "nt" else "python3 start.py"
        print("\nVerder in de werkbank:      %s lab" % start)
        print("Met je eigen verhalen:      %s verwerk verhalen.xlsx --uit uitvoer/" % start)
    return code


def lock_of(kind):
    return os.path.join(ROOT, "requirements-test.lock" if kind == "test" else "requirements.lock")


def stamp_of(kind):
    return os.path.join(VENV, "klaar-" + kind)


def is_set_up(kind):
    return os.path.exists(PYTHON) and not os.path.exists(BUSY) and read(stamp_of(kind)) == fingerprint(lock_of(kind))


def set_up(kind):
    """Make or repair the environment; returns at once when it is as the lock says."""
    # The test set holds everything of the basis.
    if is_set_up(kind) or (kind == "basis" and is_set_up("test")):
        return
    lock = lock_of(kind)
    started = time.time()
    steps = Steps(5)
    try:
        if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
            raise Stop(NO_SPACE)
        steps.begin("eigen omgeving maken in .venv")
        make_venv()
        write(BUSY, "een installatie die niet af is; start.py maakt haar opnieuw\n")
        steps.begin("pakketten ophalen en controleren (een paar minuten)")
        pip(["install", "--require-hashes", "--no-deps", "-r", lock], total=count_packages(lock))
        steps.begin("wijkanalyse zelf")
        pip(["install", "--no-deps", "--no-build-isolation", "-e", ROOT])
        steps.begin("controleren of alles past")
        check()
        steps.begin("opwarmen (de eerste keer een halve minuut)")
        if subprocess.call([PYTHON, "-c", WARM_UP], cwd=ROOT) != 0:
            raise Stop(UNKNOWN)
        write(stamp_of(kind), fingerprint(lock))
        os.remove(BUSY)
    except OSError as error:
        raise Stop(NO_SPACE if error.errno == 28 else NO_RIGHTS if error.errno in (13, 30) else "%s (%s)" % (UNKNOWN, error))
    print("Klaar met inrichten in %d seconden.\n" % (time.time() - started))


def make_venv():
    # An installation that stopped half-way cannot be trusted: pip does not see half a package.
    clear = ["--clear"] if os.path.exists(BUSY) or (os.path.exists(VENV) and not os.path.exists(PYTHON)) else []
    if os.path.exists(PYTHON) and not clear:
        return
    result = subprocess.run([sys.executable, "-m", "venv"] + clear + [VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0 or not os.path.exists(PYTHON):
        output = result.stdout.decode("utf-8", "replace")
        raise Stop(explain(output, NO_VENV))


def pip(arguments, total=0):
    """Run pip; shows how far it is, keeps its words for when it fails."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"] + arguments
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
    lines, done = [], 0
    for raw in process.stdout:
        line = raw.decode("utf-8", "replace").rstrip()
        lines.append(line)
        if total and line.startswith(("Collecting ", "Requirement already satisfied")):
            done += 1
            show("      %d van ongeveer %d pakketten" % (min(done, total), total))
        elif line.startswith("Installing collected packages"):
            show("      pakketten uitpakken")
    process.stdout.close()
    clear_line()
    if process.wait() != 0:
        text = "\n".join(lines)
        reason = explain(text, UNKNOWN)
        if reason is UNKNOWN:
            print("\n".join(lines[-8:]))
        elif reason is NO_NETWORK:
            # pip fetches everything before it changes anything, so nothing is half done.
            os.remove(BUSY)
        raise Stop(reason)


def explain(output, otherwise):
    """Return the sentence that fits what a tool said."""
    if re.search(r"No space left|Errno 28|not enough space|WinError 112", output, re.IGNORECASE):
        return NO_SPACE
    if re.search(r"ConnectionError|NewConnectionError|Failed to establish|Temporary failure in name resolution|ProxyError|"
                 r"Max retries|ReadTimeout|getaddrinfo|Network is unreachable|No matching distribution|SSLError", output):  # fmt: skip
        return NO_NETWORK
    if re.search(r"Permission denied|Errno 13|Read-only file system", output):
        return NO_RIGHTS
    return otherwise


def check():
    """Run pip check; one known line is allowed."""
    result = subprocess.run([PYTHON, "-m", "pip", "check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
    lines = [line for line in result.stdout.decode("utf-8", "replace").splitlines() if " requires " in line or " has requirement " in line]
    wrong = [line for line in lines if not ALLOWED_MISSING.search(line)]
    if wrong:
        print("\n".join(wrong))
        raise Stop(UNKNOWN)


def fingerprint(lock):
    digest = hashlib.sha256()
    for path in (lock, os.path.join(ROOT, "pyproject.toml")):
        with open(path, "rb") as file:
            # Git may give Windows other line ends; that is no reason to install again.
            digest.update(file.read().replace(b"\r\n", b"\n"))
    # A moved folder breaks the scripts and the editable install.
    digest.update((ROOT + sys.version).encode("utf-8"))
    return digest.hexdigest()


def count_packages(lock):
    with open(lock, encoding="utf-8") as file:
        return sum(1 for line in file if re.match(r"[a-zA-Z0-9].*==", line))


class Steps:
    def __init__(self, total):
        self.total, self.number = total, 0

    def begin(self, name):
        self.number += 1
        print("[%d/%d] %s" % (self.number, self.total, name))
        sys.stdout.flush()


def show(text):
    if sys.stdout.isatty():
        sys.stdout.write("\r" + text.ljust(70))
        sys.stdout.flush()


def clear_line():
    if sys.stdout.isatty():
        sys.stdout.write("\r" + " " * 72 + "\r")
        sys.stdout.flush()


def call(command):
    environment = dict(os.environ)
    environment.setdefault("PYTHONUTF8", "1")
    return subprocess.call(command, env=environment)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.stderr.write("\n%s\n" % stop)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\nGestopt. Start opnieuw om af te maken.\n")
        sys.exit(130)
