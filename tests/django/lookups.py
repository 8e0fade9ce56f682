"""Reads secrets as the delivered `workload/lookup.py` does: out of files, or out of a store that this plays, together with the machine's
metadata.

    lookups.py APP

Then defects are planted into copies, and each must be noticed.
"""

import base64
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import ClassVar

SECRET = "a-secret-that-nobody-may-see"
NAME = "projects/xat-example/secrets/django-secret-key"


class Store(http.server.BaseHTTPRequestHandler):
    """Metadata and Secret Manager in one, which answers what it is told to."""

    statuses: ClassVar[list[int]] = []
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        """A token for whoever may ask, a secret for whoever has the token."""
        status, body = 200, {}
        if self.path.endswith("/token"):
            status = 200 if self.headers.get("Metadata-Flavor") == "Google" else 403
            body = {"access_token": "token-1"}
        else:
            type(self).asked.append((self.path, self.headers.get("Authorization", "")))
            status = self.statuses.pop(0) if self.statuses else 200
            data = base64.b64encode(SECRET.encode()).decode()
            body = {"payload": {"data": data}}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


# The store stands elsewhere, and nobody waits between tries.
PROGRAM = """
import os, sys, time
from workload import lookup
time.sleep = lambda seconds: None
if hasattr(lookup, "STORE"):
    lookup.STORE = os.environ["STORE"]
print(lookup.read(lookup.REFERENCE + sys.argv[1]))
"""


def read(app: Path, what: str, server: str) -> subprocess.CompletedProcess:
    """What the delivered program reads."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, what],
        check=False,
        cwd=app,
        capture_output=True,
        text=True,
        env={
            "PATH": "",
            "GCE_METADATA_HOST": server,
            "STORE": f"http://{server}/v1/",
            "PYTHONPATH": ".",
        },
    )


def look(app: Path) -> list[str]:
    """Everything that is not read as it should be."""
    problems = []

    def expect(words: str, true: bool, seen: object) -> None:
        if not true:
            problems.append(f"{words}: {seen}")

    if "STORE" not in (app / "workload" / "lookup.py").read_text():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "django-secret-key"
            file.write_text(SECRET)
            done = read(app, str(file), "")
            expect("a file is read", done.stdout == SECRET + "\n", done)
            done = read(app, str(file) + "-2", "")
            expect("what is not there is an error", done.returncode != 0, done)
        return problems
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"

    def answers(*statuses: int) -> tuple[subprocess.CompletedProcess, int]:
        Store.statuses, Store.asked = list(statuses), []
        return read(app, NAME, host), len(Store.asked)

    done, times = answers()
    expect("the secret is read", done.stdout == SECRET + "\n" and times == 1, done)
    wanted = (f"/v1/{NAME}/versions/latest:access", "Bearer token-1")
    expect("the newest version, with a token", Store.asked == [wanted], Store.asked)
    done, times = answers(503, 429)
    expect("what passes is tried again", done.stdout == SECRET + "\n", done)
    done, times = answers(*[503] * 10)
    expect("not for ever", done.returncode != 0 and 1 < times < 10, times)
    done, times = answers(403, 200)
    expect("a refusal is one", done.returncode != 0 and times == 1, times)
    expect("no token is shown", "token-1" not in done.stdout + done.stderr, done)
    server.shutdown()
    return problems


PLANTED = {
    "the newest version, with a token": ("versions/latest", "versions/1"),
    "what passes is tried again": ("range(1, TIMES)", "range(1, 1)"),
    "a refusal is one": ("(403, 404)", "(404,)"),
    "the secret is read": ("base64.b64decode", "bytes.fromhex"),
}
PLANTED_FILES = {
    "a file is read": ("removeprefix(REFERENCE)", "removeprefix('')"),
}


def main() -> None:
    """Looks at the program, then at each defect."""
    app = Path(sys.argv[1])
    problems = look(app)
    if problems:
        sys.exit("the delivered lookup.py: " + "; ".join(problems))
    text = (app / "workload" / "lookup.py").read_text()
    planted = PLANTED if "STORE" in text else PLANTED_FILES
    for words, (old, new) in planted.items():
        if old not in text:
            sys.exit(f"nothing to plant: `{old}` is not there")
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "app"
            shutil.copytree(app, copy)
            (copy / "workload" / "lookup.py").write_text(text.replace(old, new))
            noticed = look(copy)
        if not any(problem.startswith(words) for problem in noticed):
            sys.exit(f"planted, and not noticed: {words}; found {noticed}")
    print(f"lookup.py reads as it should; noticed, when planted: {', '.join(planted)}")


if __name__ == "__main__":
    main()
