"""A PostgreSQL server and the delivered service, started and stopped, both on this machine alone."""

import gzip
import http.client
import http.server
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Self

HOST = "xat.example.com"
PROJECT = "xat-example"
# Root may not run PostgreSQL; the package brings a user who may.
OWNER = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def run(*command: str, **more: object) -> None:
    """Runs a command, and says what it said if it fails."""
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stdout}")


class Postgres:
    """A server with TLS and passwords, in a folder of its own."""

    def __init__(self, binaries: Path) -> None:
        self.control = str(binaries / "pg_ctl")
        self.initdb = str(binaries / "initdb")
        self.psql = str(binaries / "psql")
        self.folder = Path(tempfile.mkdtemp())
        self.data = str(self.folder / "data")
        self.port = free_port()
        self.password = secrets.token_hex(16)

    def __enter__(self) -> Self:
        secret = self.folder / "password"
        secret.write_text(self.password)
        if OWNER:
            shutil.chown(self.folder, "postgres")
            shutil.chown(secret, "postgres")
        run(
            *[*OWNER, self.initdb, "--pgdata", self.data, "--username", "xatadmin"],
            *["--auth", "scram-sha-256", "--pwfile", str(secret)],
            cwd=self.folder,
        )
        run(
            *[*OWNER, "openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048"],
            *["-days", "2", "-subj", "/CN=localhost"],
            *["-keyout", f"{self.data}/server.key", "-out", f"{self.data}/server.crt"],
            cwd=self.folder,
        )
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c ssl=on"
        options += f" -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        run(
            *[*OWNER, self.control, "--pgdata", self.data, "--log", log],
            *["--options", options, "--wait", "start"],
            cwd=self.folder,
        )

    def stop(self) -> None:
        """Stops it, and ends its connections."""
        run(
            *[*OWNER, self.control, "--pgdata", self.data, "--mode", "fast"],
            *["--wait", "stop"],
            cwd=self.folder,
        )

    def url(self) -> str:
        """How to reach it."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """How to reach one of its databases."""
        where = f"127.0.0.1:{self.port}/{database}"
        return f"postgresql://xatadmin:{self.password}@{where}"

    def sql(self, database: str, statements: str) -> str:
        """What statements answer."""
        done = subprocess.run(
            [
                *[self.psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"],
                *["--set=ON_ERROR_STOP=1", "--file=-", "--host=127.0.0.1"],
                *[f"--port={self.port}", "--username=xatadmin", f"--dbname={database}"],
            ],
            check=False,
            input=statements,
            env={**os.environ, "PGPASSWORD": self.password},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(f"{statements}:\n{done.stderr}")
        return done.stdout.strip()

    def migrate(self, app: Path) -> None:
        """Makes the tables, and looks at the settings as Django does before a deployment."""
        manage = [sys.executable, "manage.py"]
        environment = production(self)
        changing = {name: environment[name] for name in ("PATH", "DATABASE_URL")}
        changing["ENVIRONMENT"] = "migrate"
        run(*manage, "migrate", "--noinput", cwd=app, env=changing)
        deploy = ["check", "--deploy", "--fail-level", "WARNING"]
        run(*manage, *deploy, cwd=app, env=environment)
        local = {**environment, "ENVIRONMENT": "local"}
        planted = subprocess.run(
            [*manage, *deploy], check=False, cwd=app, env=local, capture_output=True
        )
        if planted.returncode == 0:
            sys.exit("Django said nothing about settings for local work")
        build = {"PATH": environment["PATH"], "ENVIRONMENT": "build"}
        run(*manage, "collectstatic", "--noinput", cwd=app, env=build)


def production(postgres: Postgres) -> dict[str, str]:
    """The environment as the platform fills it."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": ".",
        "ENVIRONMENT": "production",
        "ALLOWED_HOSTS": HOST,
        "PORT": str(free_port()),
        "RELEASE": secrets.token_hex(20),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": postgres.url(),
        "ROLLBAR_ACCESS_TOKEN": secrets.token_hex(16),
        # Cloud Run's; App Service's settings read no such thing.
        "GOOGLE_CLOUD_PROJECT": PROJECT,
    }


class Service:
    """gunicorn under the delivered configuration."""

    def __init__(self, app: Path, environment: dict[str, str]) -> None:
        self.port = int(environment["PORT"])
        # It lives as long as the service, whose output it takes.
        self.output = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            ["gunicorn", "--config", "gunicorn-cfg.py"],
            cwd=app,
            env=environment,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        """The status and the body of an answer, as a probe gets it: by address, without TLS."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers.setdefault("Host", "169.254.130.2:80")
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as problem:
            return 0, repr(problem)
        finally:
            connection.close()

    def ask_as_caller(self, path: str) -> tuple[int, str]:
        """The same as a caller gets it, through what ends TLS."""
        return self.ask(path, **{"Host": HOST, "X-Forwarded-Proto": "https"})

    def becomes(self, path: str, status: int, seconds: float = 20) -> bool:
        """Whether a path answers with a status before long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = self.ask(path)[0]
            if seen == status:
                return True
            # Neither refused nor not ready: waiting does not mend it.
            if seen in (301, 400, 404, 500):
                return False
            if self.process.poll() is not None:
                return False
            time.sleep(0.1)
        return False

    def end(self, seconds: float = 20) -> int | None:
        """Tells it to end, and gives its exit code; none if it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def said(self) -> list[str]:
        """What it wrote, line by line."""
        self.output.seek(0)
        return self.output.read().splitlines()


class Metadata:
    """Gives tokens as Google's metadata server does, and remembers for whom."""

    TOKEN = secrets.token_hex(16)

    def __init__(self) -> None:
        self.audiences: list[str] = []
        audiences = self.audiences

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urllib.parse.urlsplit(self.path)
                audiences.extend(urllib.parse.parse_qs(asked.query)["audience"])
                known = self.headers.get("Metadata-Flavor") == "Google"
                self.send_response(200 if known else 403)
                self.end_headers()
                self.wfile.write(Metadata.TOKEN.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Ingestion:
    """Takes what is sent to Application Insights."""

    def __init__(self) -> None:
        self.records: list[dict[str, object]] = []
        records = self.records

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                found = []
                if "track" in self.path:
                    text = body.decode()
                    whole = text.startswith("[")
                    found = (
                        json.loads(text)
                        if whole
                        else map(json.loads, text.splitlines())
                    )
                    found = list(found)
                records.extend(found)
                count = len(found)
                answer = {"itemsReceived": count, "itemsAccepted": count, "errors": []}
                said = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
