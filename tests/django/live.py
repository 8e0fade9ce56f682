"""Runs the delivered service and looks at it from outside: probes, database gone and back, shutdown, logs.

    live.py POSTGRES_BIN APP [APP ..] [--alike APP ..]

POSTGRES_BIN holds `initdb` and `pg_ctl`; each APP is a project with the delivered files among its own. Then defects are planted into copies of it,
and the same look must find each. Those that are alike to one before are looked at, and nothing is planted into them again.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from looks import look, on_google
from service import Postgres

# A defect by the words that the look must refuse it with: a file, what stands there, and what is put in its place.
PLANTED = {
    "503 when the database is gone": (
        "workload/health.py",
        '"database": _database',
        '"database": lambda: None',
    ),
    "200 for liveness": ("workload/health.py", "request.path == ALIVE", "False"),
    "a slow request is finished": (
        "gunicorn-cfg.py",
        "graceful_timeout = ",
        "graceful_timeout = 1  # ",
    ),
    "no query in the logs": (
        "workload/logs.py",
        '[*RESERVED_ATTRS, "request"]',
        "RESERVED_ATTRS",
    ),
    "each record once": (
        "workload/logs.py",
        '{"handlers": [], "propagate": True}',
        '{"handlers": ["console"], "propagate": True}',
    ),
    "a host that is not ours is refused": (
        "workload/settings.py",
        'settings["ALLOWED_HOSTS"] = _hosts()',
        'settings["ALLOWED_HOSTS"] = ["*"]',
    ),
}

# What only one cloud's files can have.
ON_AZURE = {
    "and none that it is not": (
        "workload/await-release.sh",
        '\\"release\\": \\"$release\\"',
        "release",
    ),
    "a reference that was left standing is refused": (
        "workload/settings.py",
        "value.startswith(",
        'value.startswith("never" + ',
    ),
}
ON_GOOGLE = {
    "and none that it is not": (
        "workload/await_release.py",
        "found == release",
        "found",
    ),
    "a token is for the service alone": (
        "workload/await_release.py",
        "token(audience)",
        "token(url)",
    ),
    "records name their trace": (
        "workload/trace.py",
        "_current.set(",
        "_current.set('' and ",
    ),
    "and their span": ("workload/trace.py", "& 1 == 1", "& 1 == 0"),
}

# What hides others: where lines are no JSON, nothing else can be seen in them.
PLANTED_ALONE = {
    "a deployment sees its release": ("workload/health.py", '"RELEASE"', '"VERSION"'),
    "one JSON object a line": (
        "workload/logs.py",
        '"formatter": "json",',
        "",
    ),
}


# What is sent to Application Insights.
PLANTED_SENDING = {
    "a log arrives as telemetry": (
        "workload/apps.py",
        'logger_name="core"',
        'logger_name="nobody"',
    ),
}

# A middleware of somebody else's that stands before ours.
PLANTED_FIRST = {
    "200 with telemetry": ("workload/apps.py", 'POSITION", "1"', 'POSITION", "0"'),
}


def main() -> None:
    """Looks at the service, then at each defect."""
    binaries, words = Path(sys.argv[1]), sys.argv[2:]
    alike = words.index("--alike") if "--alike" in words else len(words)
    apps = [Path(word) for word in words if word != "--alike"]
    with Postgres(binaries) as postgres:
        for number, app in enumerate(apps):
            print(f"{app.name}:")
            postgres.migrate(app)
            problems = look(app, postgres)
            if problems:
                sys.exit("the delivered service: " + "; ".join(problems))
            print("the delivered service answers, drains and logs as it should")
            if number >= alike:
                continue
            google = on_google(app)
            own = ON_GOOGLE if google else ON_AZURE
            plant({**PLANTED, **own}, app, postgres, sending=False)
            plant(PLANTED_ALONE, app, postgres, sending=False)
            if not google:
                plant(PLANTED_SENDING, app, postgres)
                plant(PLANTED_FIRST, app, postgres)


def plant(
    defects: dict[str, tuple[str, str, str]],
    app: Path,
    postgres: Postgres,
    sending: bool = True,
) -> None:
    """Plants defects into a copy; each must be noticed by its own words."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "app"
        shutil.copytree(app, copy)
        for file, old, new in defects.values():
            text = (copy / file).read_text()
            if old not in text:
                sys.exit(f"nothing to plant in {file}: `{old}` is not there")
            (copy / file).write_text(text.replace(old, new))
        problems = look(copy, postgres, sending)
    noticed = {problem.split(":")[0] for problem in problems}
    missed = defects.keys() - noticed
    if missed:
        sys.exit(f"planted, and not noticed: {missed}; found {problems}")
    print(f"noticed, when planted: {', '.join(defects)}")


if __name__ == "__main__":
    main()
