"""What the delivered service must do, seen from outside. Each look says in a few words what was not so."""

import collections
import json
import os
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from service import (
    HOST,
    PROJECT,
    Ingestion,
    Metadata,
    Postgres,
    Service,
    production,
)

TOKEN = "token-that-nobody-may-read"


def on_google(app: Path) -> bool:
    """Whether the files are for a service of Google Cloud."""
    return (app / "workload" / "trace.py").exists()


def look(app: Path, postgres: Postgres, sending: bool = True) -> list[str]:
    """Everything that is not as it should be; what is sent elsewhere only if asked, since it takes long to start."""
    problems: list[str] = []

    def expect(words: str, true: bool, seen: object = "") -> None:
        if not true:
            problems.append(f"{words}: {seen}")

    environment = production(postgres)
    service = Service(app, environment)
    try:
        ready = service.becomes("/health/", 200)
        expect("200 for readiness", ready, service.ask("/health/"))
        if not ready:
            return [*problems, *service.said()]
        alive = service.ask("/health/live/")
        expect("200 for liveness", alive[0] == 200, alive)
        release(app, service, environment["RELEASE"], expect)
        callers(service, expect)
        if on_google(app):
            traced(service)
        outage(service, postgres, expect)
        shutdown(service, expect)
        logs(service.said(), expect)
        if on_google(app):
            traces(service.said(), expect)
    finally:
        if service.process.poll() is None:
            service.process.kill()
            service.process.wait()
    if on_google(app):
        return problems
    references(app, environment, expect)
    if sending:
        telemetry(app, environment, expect)
    return problems


def release(app: Path, service: Service, built: str, expect) -> None:
    """What a deployment waits for: this release, and no other."""

    url = f"http://127.0.0.1:{service.port}/health/"
    if on_google(app):
        release_on_google(app, url, built, expect)
        return

    def waits_for(wanted: str) -> int:
        command = ["bash", "workload/await-release.sh", url, wanted, "8"]
        return subprocess.run(
            command, check=False, cwd=app, capture_output=True
        ).returncode

    expect("a deployment sees its release", waits_for(built) == 0)
    expect("and none that it is not", waits_for("another") == 1)


def release_on_google(app: Path, url: str, built: str, expect) -> None:
    """The same, asked with a token for the service alone, which callers need there."""
    audience = "https://xat.example.run.app"
    with Metadata() as metadata:
        environment = {"PATH": os.environ["PATH"], "GCE_METADATA_HOST": metadata.host}

        def waits_for(*arguments: str) -> int:
            command = [sys.executable, "-m", "workload.await_release", *arguments]
            return subprocess.run(
                command, check=False, cwd=app, env=environment, capture_output=True
            ).returncode

        sees = waits_for(audience, url, built, "8") == 0
        expect("a deployment sees its release", sees)
        expect("and none that it is not", waits_for(audience, url, "another", "8") == 1)
        expect("it is told whom to ask", waits_for() == 2)
        expect(
            "a token is for the service alone",
            set(metadata.audiences) == {audience},
            metadata.audiences,
        )


TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def traced(service: Service) -> None:
    """Calls that belong to a trace, and one whose trace is none."""
    caller = {"Host": HOST, "X-Forwarded-Proto": "https"}
    service.ask("/broken/", **caller, traceparent=f"00-{TRACE}-{SPAN}-01")
    service.ask("/nowhere/", **caller, traceparent='00-"injected-01')


def traces(lines: list[str], expect) -> None:
    """Records name the trace of their request, in Cloud Logging's words, and no other record does."""
    name = "logging.googleapis.com/trace"
    records = [json.loads(line) for line in lines if line.startswith("{")]
    named = [record for record in records if name in record]
    found = {(record[name], record["name"]) for record in named}
    trace = f"projects/{PROJECT}/traces/{TRACE}"
    # What Django says of the error while it is under way, and what gunicorn says of the call.
    wanted = {(trace, "django.request"), (trace, "gunicorn.access")}
    expect("records name their trace", found == wanted, found)
    words = {
        (
            record["logging.googleapis.com/spanId"],
            record["logging.googleapis.com/trace_sampled"],
        )
        for record in named
    }
    expect("and their span", words == {(SPAN, True)}, words)
    severities = {record["severity"] for record in records}
    known = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
    expect("severities are Cloud Logging's", severities <= known, severities)


def callers(service: Service, expect) -> None:
    """Hosts, HTTPS, errors."""
    home = service.ask_as_caller("/")
    expect("200 for a caller", home == (200, "home"), home)
    plain = service.ask("/", Host="xat.example.com")
    expect("plain HTTP is sent on", plain[0] == 301, plain)
    foreign = service.ask(
        "/", **{"Host": "evil.example.com", "X-Forwarded-Proto": "https"}
    )
    expect("a host that is not ours is refused", foreign[0] == 400, foreign)
    broken = service.ask_as_caller(f"/broken/?token={TOKEN}")
    hidden = "first line" not in broken[1]
    expect("500 without a word of the reason", broken[0] == 500 and hidden, broken)


def outage(service: Service, postgres: Postgres, expect) -> None:
    """The database goes and comes back; the service stays."""
    postgres.stop()
    try:
        gone = service.becomes("/health/", 503, 8)
        expect("503 when the database is gone", gone, service.ask("/health/"))
        alive = service.ask("/health/live/")
        expect("liveness stays while the database is gone", alive[0] == 200, alive)
    finally:
        postgres.start()
    # Every worker must find it again, not the one that happens to be asked.
    again = service.becomes("/health/", 200, 10)
    answers = [service.ask("/health/")[0] for _ in range(20)]
    expect("200 when the database is back", again and set(answers) == {200}, answers)


def shutdown(service: Service, expect) -> None:
    """A request that is under way is finished, and then nobody is left."""
    answers: list[tuple[int, str]] = []
    slow = threading.Thread(
        target=lambda: answers.append(service.ask_as_caller("/slow/"))
    )
    slow.start()
    time.sleep(1)
    began = time.monotonic()
    code = service.end()
    took = time.monotonic() - began
    slow.join()
    expect("a slow request is finished", answers == [(200, "done")], answers)
    expect("it ends of itself and in time", code == 0 and took < 15, (code, took))


def logs(lines: list[str], expect) -> None:
    """One JSON object a line, each record once, in UTC, and without what callers sent."""
    records = []
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if isinstance(record, dict):
            records.append(record)
        else:
            expect("one JSON object a line", False, line)
    told = [line for line in lines if TOKEN in line]
    expect("no query in the logs", not told, told)
    if len(records) < len(lines):
        return
    now = datetime.now().astimezone()
    for record in records:
        keys = {"time", "severity", "name", "process", "message"} - record.keys()
        expect("each record says when, how bad, who and what", not keys, record)
        at = datetime.fromisoformat(record["time"])
        utc = at.utcoffset() == timedelta(0) and now - at < timedelta(minutes=5)
        expect("times are in UTC", utc, record["time"])
    messages = collections.Counter(record["message"] for record in records)
    twice = [line for line, times in collections.Counter(lines).items() if times > 1]
    once = messages["counted"] == 1 and not twice
    expect("each record once", once, (messages["counted"], twice[:1]))
    calls = [
        r for r in records if r["name"] == "gunicorn.access" and r["path"] == "/slow/"
    ]
    fields = [(call["method"], call["status"]) for call in calls]
    expect("a call is logged once, with its fields", fields == [("GET", 200)], fields)
    quiet = [
        r for r in records if r.get("path") == "/health/" and r.get("status") == 200
    ]
    expect("probes that went well are not logged", not quiet, len(quiet))
    workers = sum("Booting worker" in record["message"] for record in records)
    expect("4 workers", workers == 4, workers)


def references(app: Path, environment: dict[str, str], expect) -> None:
    """A reference that App Service could not look up is no secret."""
    unresolved = "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/x)"
    service = Service(app, {**environment, "SECRET_KEY": unresolved})
    try:
        code = service.process.wait(20)
    except subprocess.TimeoutExpired:
        code = 0
        service.end()
    refused = code != 0 and any("still a reference" in line for line in service.said())
    expect("a reference that was left standing is refused", refused, code)


def telemetry(app: Path, environment: dict[str, str], expect) -> None:
    """What the application logs arrives at Application Insights, and still on standard output; probes arrive at neither."""
    with Ingestion() as ingestion:
        address = f"http://127.0.0.1:{ingestion.port}/"
        key = "00000000-0000-0000-0000-000000000000"
        told = f"InstrumentationKey={key};IngestionEndpoint={address};LiveEndpoint={address}"
        sending = {
            **environment,
            "APPLICATIONINSIGHTS_CONNECTION_STRING": told,
            "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
            "GUNICORN_WORKERS": "1",
            # The distribution keeps some traces and drops others; here the one call must arrive.
            "OTEL_TRACES_SAMPLER": "microsoft.fixed_percentage",
            "OTEL_TRACES_SAMPLER_ARG": "1.0",
        }
        service = Service(app, sending)
        try:
            ready = service.becomes("/health/", 200, 60)
            home = service.ask_as_caller("/")
            expect("200 with telemetry", ready and home[0] == 200, (ready, home))
        finally:
            service.end()
        kinds = collections.Counter()
        for record in ingestion.records:
            text = json.dumps(record)
            kinds["counted"] += record["name"].endswith("Message") and "counted" in text
            kinds["calls"] += record["name"].endswith("Request")
            kinds["probes"] += record["name"].endswith("Request") and "/health/" in text
        expect("a log arrives as telemetry", kinds["counted"] == 1, kinds)
        expect("a call arrives as telemetry", kinds["calls"] >= 1, kinds)
        expect("probes are no telemetry", kinds["probes"] == 0, kinds)
        printed = sum('"message": "counted"' in line for line in service.said())
        expect("telemetry takes no log away", printed == 1, service.said())
