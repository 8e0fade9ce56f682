"""Stores for backups on this machine alone: Azurite and an emulator of Cloud Storage, each behind something that can break."""

import base64
import http.client
import http.server
import json
import os
import secrets
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from service import free_port, run

ACCOUNT = "devstoreaccount1"
CONTAINER = "backups"


class Quiet(http.server.BaseHTTPRequestHandler):
    """A handler that says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Sends an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Local:
    """A server on this machine, while it is used."""

    def __init__(self, handler: type[Quiet]) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Identity(Local):
    """What both platforms have for a container that asks for a token. Azurite looks at what the token says, not at who signed it."""

    def __init__(self) -> None:
        now = int(time.time())
        claims = {
            "aud": "https://storage.azure.com",
            "iss": "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
        }
        parts = [{"alg": "none", "typ": "JWT"}, claims, {}]
        encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()) for p in parts]
        self.token = token = ".".join(p.decode().rstrip("=") for p in encoded)
        self.key = key = secrets.token_hex(16)

        class Handler(Quiet):
            def do_GET(self) -> None:
                azure = self.headers.get("X-IDENTITY-HEADER") == key
                google = self.headers.get("Metadata-Flavor") == "Google"
                if azure or google:
                    body = json.dumps({"access_token": token, "expires_in": 3599})
                    self.answer(200, body.encode())
                else:
                    self.answer(401)

        super().__init__(Handler)

    def environment(self) -> dict[str, str]:
        """What a container finds."""
        return {
            "IDENTITY_ENDPOINT": f"http://127.0.0.1:{self.port}/msi/token",
            "IDENTITY_HEADER": self.key,
            "GCE_METADATA_HOST": f"127.0.0.1:{self.port}",
        }


class Between(Local):
    """Stands before a store, hands everything on, and does as it is told: answers for the store, or changes what it reads."""

    def __init__(self, store: "Azurite | Bucket") -> None:
        self.before: Callable[[str, str], int | None] = lambda method, path: None
        self.after: Callable[[str, bytes], bytes] = lambda path, body: body
        between = self

        class Handler(Quiet):
            protocol_version = "HTTP/1.1"

            def hand_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status = between.before(self.command, self.path)
                if status:
                    self.answer(status, b"planted")
                    return
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("host", "connection")
                }
                connection = store.connect()
                try:
                    connection.request(self.command, self.path, body, headers)
                    answer = connection.getresponse()
                    said = answer.read()
                finally:
                    connection.close()
                if self.command == "GET":
                    said = between.after(self.path, said)
                self.send_response(answer.status)
                own = ("transfer-encoding", "connection", "date", "server")
                length = answer.headers.get("Content-Length", "0")
                for name, value in answer.headers.items():
                    if name.lower() not in (*own, "content-length"):
                        value = value.replace(str(store.port), str(between.port))
                        self.send_header(name, value)
                if self.command != "HEAD":
                    length = str(len(said))
                self.send_header("Content-Length", length)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = hand_on

        super().__init__(Handler)
        if isinstance(store, Azurite):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(store.certificate, store.key)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )

    def honest(self) -> None:
        """Hands everything on as it is."""
        self.before = lambda method, path: None
        self.after = lambda path, body: body


class Emulator:
    """A store that runs as a program with its data in a folder of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str]:
        """How it is started."""
        raise NotImplementedError

    def connect(self) -> http.client.HTTPConnection:
        """A way to it."""
        raise NotImplementedError

    def make(self) -> int:
        """Makes the place for backups; the status."""
        raise NotImplementedError

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> int:
        """The status of an answer."""
        connection = self.connect()
        try:
            connection.request(method, path, body, headers)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 60
        while self.make() not in (200, 201):
            if time.monotonic() > end or self.process.poll() is not None:
                self.__exit__()
                sys.exit(f"{type(self).__name__} does not start: {self.make()}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)
        run("rm", "-r", "--", str(self.folder))


class Azurite(Emulator):
    """Azurite, with TLS and tokens, as the service is."""

    def __init__(self, program: Path, identity: Identity) -> None:
        super().__init__()
        self.program = program
        self.identity = identity
        self.certificate = str(self.folder / "certificate.pem")
        self.key = str(self.folder / "key.pem")
        run(
            *["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2"],
            *["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
            *["-keyout", self.key, "-out", self.certificate],
        )

    def command(self) -> list[str]:
        """How it is started."""
        return [
            *["node", str(self.program), "--silent", "--disableTelemetry"],
            *["--blobHost", "127.0.0.1", "--blobPort", str(self.port)],
            *["--location", str(self.folder), "--oauth", "basic"],
            *["--cert", self.certificate, "--key", self.key],
        ]

    def connect(self) -> http.client.HTTPSConnection:
        """A way to it."""
        trusted = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=trusted, timeout=60
        )

    def make(self) -> int:
        """Makes the container."""
        return self.put(f"/{ACCOUNT}/{CONTAINER}?restype=container", b"")

    def put(self, path: str, body: bytes) -> int:
        """Writes something past the delivered programs."""
        headers = {
            "Authorization": f"Bearer {self.identity.token}",
            "x-ms-version": "2024-11-04",
            "x-ms-blob-type": "BlockBlob",
        }
        if "restype" in path:
            del headers["x-ms-blob-type"]
        return self.ask("PUT", path, body, **headers)

    def overwrite(self, name: str, body: bytes) -> None:
        """Puts other bytes in an object's place."""
        if self.put(f"/{ACCOUNT}/{CONTAINER}/{name}", body) != 201:
            sys.exit(f"{name} cannot be planted")

    def remove(self, name: str) -> None:
        """Takes an object away."""
        headers = {
            "Authorization": f"Bearer {self.identity.token}",
            "x-ms-version": "2024-11-04",
        }
        if self.ask("DELETE", f"/{ACCOUNT}/{CONTAINER}/{name}", **headers) != 202:
            sys.exit(f"{name} cannot be taken away")

    def environment(self, port: int) -> dict[str, str]:
        """How the delivered programs reach it."""
        address = f"https://127.0.0.1:{port}/{ACCOUNT}/{CONTAINER}"
        return {"BACKUP_STORE": address, "SSL_CERT_FILE": self.certificate}


class Bucket(Emulator):
    """An emulator of Cloud Storage."""

    def command(self) -> list[str]:
        """How it is started."""
        return [
            *["gcp-storage-emulator", "start", "--host", "127.0.0.1"],
            *["--port", str(self.port), "--in-memory"],
        ]

    def connect(self) -> http.client.HTTPConnection:
        """A way to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def make(self) -> int:
        """Makes the bucket."""
        body = json.dumps({"name": CONTAINER}).encode()
        path = "/storage/v1/b?project=test"
        return self.ask("POST", path, body, **{"Content-Type": "application/json"})

    def overwrite(self, name: str, body: bytes) -> None:
        """Puts other bytes in an object's place."""
        path = f"/upload/storage/v1/b/{CONTAINER}/o?uploadType=media&name={name}"
        if self.ask("POST", path, body) != 200:
            sys.exit(f"{name} cannot be planted")

    def remove(self, name: str) -> None:
        """Takes an object away."""
        quoted = name.replace("/", "%2F")
        if self.ask("DELETE", f"/storage/v1/b/{CONTAINER}/o/{quoted}") not in (
            200,
            204,
        ):
            sys.exit(f"{name} cannot be taken away")

    def environment(self, port: int) -> dict[str, str]:
        """How the delivered programs reach it."""
        host = f"http://127.0.0.1:{port}"
        return {"BACKUP_STORE": f"gs://{CONTAINER}", "STORAGE_EMULATOR_HOST": host}


def azurite(folder: str) -> Path:
    """The program of an Azurite that npm installed into a folder."""
    return Path(folder) / "node_modules/azurite/dist/src/blob/main.js"


def own_environment() -> dict[str, str]:
    """What every program needs of this machine."""
    return {"PATH": os.environ["PATH"]}


def path_of(url: str) -> str:
    """The path of a URL."""
    return urlsplit(url).path
