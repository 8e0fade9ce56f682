"""Makes the delivered backup for real, restores it, and damages everything that can be damaged on the way.

    backups.py POSTGRES_BIN APP AZURITE

POSTGRES_BIN holds PostgreSQL's programs, APP the delivered files, and AZURITE is the folder that npm installed Azurite into.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from contents import FILLED, fill, sums
from service import Postgres
from stores import Azurite, Between, Bucket, Identity, azurite, own_environment

# With which code the programs end, as the runbook has them.
USAGE, DATABASE, STORE, DISAGREES, REFUSED, ENDED = 2, 3, 4, 5, 6, 75

CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'backup' AND query LIKE 'COPY%'"
)


class Drill:
    """The delivered programs against one PostgreSQL and one store."""

    def __init__(self, app: Path, postgres: Postgres, store, between, identity) -> None:
        self.programs = app / "backup"
        self.postgres, self.store, self.between = postgres, store, between
        manifest = (self.programs / "manifest.py").read_text()
        self.live = manifest.split("DATABASE = ")[1].split("\n")[0].strip('"')
        self.identity = identity
        self.environment = {
            **own_environment(),
            **identity.environment(),
            **store.environment(between.port),
            "BACKUP_DATABASE_URL": postgres.url_of(self.live),
        }
        self.arguments_seen: set[str] = set()

    def start(self, program: str, *arguments: str, **more: str) -> subprocess.Popen:
        """Starts a program."""
        return subprocess.Popen(
            [sys.executable, f"{program}.py", *arguments],
            cwd=self.programs,
            env={**self.environment, "PYTHONDONTWRITEBYTECODE": "1", **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(
        self, program: str, *arguments: str, **more: str
    ) -> tuple[int, list[dict[str, object]]]:
        """Its code and what it said. No secret may be in that, or in any argument while it runs."""
        process = self.start(program, *arguments, **more)
        watching = threading.Thread(target=self.watch, args=(process,))
        watching.start()
        output = process.communicate()[0]
        watching.join()
        for secret in self.secrets():
            if secret in output or any(secret in seen for seen in self.arguments_seen):
                sys.exit(f"{program} told a secret: {output}")
        try:
            said = [json.loads(line) for line in output.splitlines()]
        except ValueError:
            sys.exit(f"{program} says what is no JSON: {output}")
        return process.returncode, said

    def secrets(self) -> list[str]:
        """What nobody may see."""
        return [self.postgres.password, self.identity.token, self.identity.key]

    def watch(self, process: subprocess.Popen) -> None:
        """Looks at the arguments of all that runs."""
        while process.poll() is None:
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.arguments_seen.add(file.read_text())
                except OSError:
                    continue
            time.sleep(0.05)

    def backups(self) -> list[str]:
        """The names of all backups."""
        code, said = self.run("restore", "list")
        expect("a list", code == 0, said)
        return [str(line["backup"]) for line in said]

    def target(self, name: str = "restored") -> dict[str, str]:
        """An empty database to restore into."""
        self.postgres.sql("postgres", f"DROP DATABASE IF EXISTS {name}")
        self.postgres.sql("postgres", f"CREATE DATABASE {name} TEMPLATE template0")
        return {"RESTORE_DATABASE_URL": self.postgres.url_of(name)}

    def refused(
        self, what: str, code: int, words: str, *command: str, **more: str
    ) -> None:
        """A program must end with this code and these words, and a target must stay as it was."""
        before = sums(self.postgres, "restored")
        seen, said = self.run(*command, **more)
        reason = str(said[-1].get("reason", "")) if said else ""
        good = seen == code and words in reason and said[-1]["severity"] == "ERROR"
        expect(f"{what} is refused", good, (seen, said))
        after = sums(self.postgres, "restored")
        expect(f"{what} writes nothing", before == after, after)
        print(f"refused: {what}: {reason}")


def expect(what: str, true: bool, seen: object) -> None:
    """Ends everything where something is not as it must be."""
    if not true:
        sys.exit(f"backups: {what}: {seen}")


def everything(drill: Drill) -> None:
    """A backup that is restored, and all that must not be one."""
    postgres = drill.postgres
    # Somebody writes all the time, and the dump is of one moment.
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            postgres.sql(drill.live, "INSERT INTO visits (path) VALUES ('/while/')")

    writing = threading.Thread(target=write)
    writing.start()
    code, said = drill.run("backup")
    done.set()
    writing.join()
    expect("a backup", code == 0 and said[-1]["event"] == "backup-done", said)
    name = str(said[-1]["backup"])
    expect("it is listed", drill.backups() == [name], drill.backups())
    expect("more than one piece", int(said[-1]["size"]) > 17 * 2**20, said)
    written = postgres.sql(drill.live, "SELECT count(*) FROM visits")

    target = drill.target()
    code, said = drill.run("restore", "restore", "latest", **target)
    expect("a restore", code == 0 and said[-1]["event"] == "restore-done", said)
    live, restored = sums(postgres, drill.live), sums(postgres, "restored")
    expect("all tables", live.keys() == restored.keys() == FILLED, restored.keys())
    differing = {table for table in live if live[table] != restored[table]}
    expect("every row", differing <= {"public.visits"}, differing)
    kept = restored["public.visits"][0]
    expect("one moment", 0 < kept <= int(written), (kept, written))
    print(f"backed up and restored: {said[-1]}")

    # Two at the same second would have the same name, and the second must not take the place of the first.
    refusals_of_restores(drill, name)
    refusals_of_backups(drill)
    expect("no other backup", drill.backups() == [name], drill.backups())


def refusals_of_restores(drill: Drill, name: str) -> None:
    """Everything for which a restore must go no further."""
    between, store = drill.between, drill.store
    restore = ("restore", "restore", name)
    drill.refused(
        "a database that is not empty",
        REFUSED,
        "is not empty",
        *restore,
        RESTORE_DATABASE_URL=drill.postgres.url_of("restored"),
    )
    drill.refused(
        "the live database",
        REFUSED,
        "the live database",
        *restore,
        RESTORE_DATABASE_URL=drill.postgres.url_of(drill.live),
    )
    target = drill.target()
    drill.refused(
        "a name that is like the live one",
        REFUSED,
        "called like it",
        *restore,
        BACKUP_DATABASE_URL="",
        RESTORE_DATABASE_URL=drill.postgres.url_of(drill.live),
    )
    wrong = target["RESTORE_DATABASE_URL"].replace(drill.postgres.password, "wrong")
    drill.refused(
        "a wrong password",
        DATABASE,
        "password authentication failed",
        *restore,
        RESTORE_DATABASE_URL=wrong,
    )

    def flipped(path: str, body: bytes) -> bytes:
        if not path.split("?")[0].endswith(".dump") or len(body) < 2**20:
            return body
        return body[:-1000] + bytes([body[-1000] ^ 1]) + body[-999:]

    between.after = flipped
    drill.refused("a flipped bit on the way", DISAGREES, "SHA-256", *restore, **target)
    between.honest()

    dump, manifest = read(drill, f"{name}.dump"), read(drill, f"{name}.json")
    said = json.loads(manifest)
    for what, words, bytes_of in (
        ("a truncated dump", "the store has", dump[:-1]),
        ("a dump with a flipped bit", "the store has", flipped(".dump", dump)),
    ):
        store.overwrite(f"{name}.dump", bytes_of)
        drill.refused(what, DISAGREES, words, *restore, **target)
    # Everything agrees with itself, and is no dump.
    import hashlib

    cut = dump[: len(dump) // 2]
    sha256, md5 = hashlib.sha256(cut).hexdigest(), hashlib.md5(cut).hexdigest()
    forged = {**said, "size": len(cut), "sha256": sha256, "md5": md5}
    store.overwrite(f"{name}.dump", cut)
    store.overwrite(f"{name}.json", json.dumps(forged).encode())
    drill.refused("half a dump", DISAGREES, "no dump", *restore, **target)
    store.overwrite(f"{name}.dump", dump)
    for what, words, text in (
        ("a manifest of other bytes", "SHA-256", {**said, "sha256": "0" * 64}),
        ("a manifest of another size", "the store has", {**said, "size": 7}),
        (
            "a manifest of another database",
            "another database",
            {**said, "database": "x"},
        ),
        ("a manifest of another form", "not known", {**said, "format": 2}),
        ("a manifest with a part gone", "no manifest", {"format": 1}),
        ("a manifest with a word for a number", "no manifest", {**said, "size": "7"}),
    ):
        store.overwrite(f"{name}.json", json.dumps(text).encode())
        drill.refused(what, DISAGREES, words, *restore, **target)
    store.overwrite(f"{name}.json", b"not JSON")
    drill.refused("what is no manifest", DISAGREES, "no manifest", *restore, **target)
    store.remove(f"{name}.json")
    drill.refused("a dump alone", DISAGREES, "nothing is a backup", *restore, **target)
    expect("a dump alone is not listed", drill.backups() == [], drill.backups())
    drill.refused(
        "the latest of none", STORE, "no backup", *restore[:2], "latest", **target
    )
    drill.refused("another name", USAGE, "no name", *restore[:2], "../x", **target)

    fewer = {**said["tables"], "public.visits": {"rows": 1, "content": "1"}}
    store.overwrite(f"{name}.json", json.dumps({**said, "tables": fewer}).encode())
    code, told = drill.run(*restore, **target)
    told_so = "do not use it: public.visits" in str(told[-1].get("reason"))
    expect("other rows are found", code == DISAGREES and told_so, told)
    store.overwrite(f"{name}.json", manifest)
    code, told = drill.run(*restore, **drill.target())
    expect("a restore, as before", code == 0, told)


def refusals_of_backups(drill: Drill) -> None:
    """Everything for which there must be no backup."""
    between, postgres = drill.between, drill.postgres
    before = drill.backups()

    def fails(what: str, code: int, words: str, **more: str) -> None:
        drill.refused(what, code, words, "backup", **more)
        between.honest()
        expect(f"{what} leaves no backup", drill.backups() == before, drill.backups())
        time.sleep(1)

    calls = {"PUT": 0}

    def second(answers: int, times: int):
        calls["PUT"] = 0

        def broken(method: str, path: str) -> int | None:
            calls[method] = calls.get(method, 0) + 1
            return (
                answers if method == "PUT" and 2 <= calls["PUT"] < 2 + times else None
            )

        return broken

    between.before = second(500, 100)
    fails("a store that breaks in the middle", STORE, "answers 500")
    between.before = second(403, 100)
    fails("a store that turns us away", STORE, "answers 403")

    # It goes away as soon as it is seen to give its rows.
    gone = threading.Event()

    def cut_off() -> None:
        while not gone.is_set():
            postgres.sql("postgres", CUT_OFF)

    cutting = threading.Thread(target=cut_off)
    cutting.start()
    try:
        fails("a database that goes away", DATABASE, "pg_dump failed")
    finally:
        gone.set()
        cutting.join()
    between.after = lambda path, body: (
        body[:-1] + b"?" if ".dump" in path and len(body) > 2**20 else body
    )
    fails("a dump that reads back otherwise", DISAGREES, "dump")
    url = drill.environment["BACKUP_DATABASE_URL"]
    wrong = url.replace(postgres.password, "wrong")
    words = "password authentication failed"
    fails("a wrong password", DATABASE, words, BACKUP_DATABASE_URL=wrong)
    other = url.replace(drill.live, "postgres")
    fails("another database", USAGE, "is not of", BACKUP_DATABASE_URL=other)
    fails("no store", USAGE, "BACKUP_STORE", BACKUP_STORE="")
    fails("a store without TLS", USAGE, "neither", BACKUP_STORE="http://x.example/y")
    with tempfile.TemporaryDirectory() as folder:
        older = Path(folder) / "pg_dump"
        older.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        older.chmod(0o755)
        path = f"{folder}:{os.environ['PATH']}"
        fails("an older client", USAGE, "cannot dump PostgreSQL", PATH=path)

    process = drill.start("backup")

    def ended(method: str, path: str) -> int | None:
        process.send_signal(signal.SIGTERM)
        return None

    between.before = ended
    output = process.communicate()[0]
    told = json.loads(output.splitlines()[-1])
    good = process.returncode == ENDED and "told to end" in told["reason"]
    expect("told to end", good, (process.returncode, output))
    between.honest()
    expect("told to end leaves no backup", drill.backups() == before, drill.backups())
    time.sleep(1)

    # What passes by itself is waited for.
    between.before = second(503, 2)
    code, said = drill.run("backup")
    between.honest()
    expect("a store that breaks for a moment", code == 0, said)
    name = str(said[-1]["backup"])
    drill.store.remove(f"{name}.json")
    drill.store.remove(f"{name}.dump")


def read(drill: Drill, name: str) -> bytes:
    """An object, through the delivered programs' own client."""
    script = (
        "import sys; from store import opened; from os import environ;"
        "[sys.stdout.buffer.write(p) for p in opened(environ['BACKUP_STORE']).read(sys.argv[1])]"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, name],
        check=True,
        cwd=drill.programs,
        env=drill.environment,
        capture_output=True,
    )
    return done.stdout


def main() -> None:
    """Both stores, one after the other."""
    binaries, app = Path(sys.argv[1]), Path(sys.argv[2])
    os.environ["PATH"] = f"{binaries}:{os.environ['PATH']}"
    with Postgres(binaries) as postgres, Identity() as identity:
        filled = False
        for store in (Azurite(azurite(sys.argv[3]), identity), Bucket()):
            with store, Between(store) as between:
                drill = Drill(app, postgres, store, between, identity)
                if not filled:
                    fill(postgres, drill.live)
                    drill.target()
                    filled = True
                everything(drill)
                print(f"{type(store).__name__}: backed up, restored, and refused")


if __name__ == "__main__":
    main()
