"""Runs the `release.sh` of App Engine against a `gcloud` that keeps versions in a file, as `release.py` does for Cloud Run.

release_app_engine.py SCRIPT
"""

import sys
from pathlib import Path

from release import IMAGE, MIGRATE, VERIFY, judge, play

# Enough of `gcloud app` and of its jobs for the script: what it does not know it refuses.
GCLOUD = """#!{python}
import json, os, sys
from pathlib import Path

state = Path(os.environ["STATE"])
cloud = json.loads(state.read_text())
words = sys.argv[1:]
def value(flag):
    return words[words.index(flag) + 1] if flag in words else None
assert value("--project") and "--quiet" in words, words
code = 0
if words[:3] == ["app", "services", "describe"]:
    assert value("--format") == "value(split.allocations)", words
    print(";".join(f"{{version}}={{part}}" for version, part in cloud["calls"].items()))
elif words[:2] == ["app", "describe"]:
    print("xat.uc.r.appspot.com")
elif words[:2] == ["app", "deploy"]:
    assert words[2] == "app.yaml" and "@sha256:" in value("--image-url"), words
    version = value("--version")
    assert version not in cloud["versions"] and "--no-stop-previous-version" in words
    cloud["versions"][version] = "SERVING"
    if "--no-promote" not in words:
        cloud["calls"] = {{version: 1.0}}
    code = 1 if "start" in cloud["fails"] else 0
elif words[:3] == ["app", "services", "set-traffic"]:
    version, part = value("--splits").split("=")
    assert cloud["versions"][version] == "SERVING", words
    cloud["calls"] = {{version: float(part)}}
elif words[:3] == ["app", "versions", "stop"]:
    cloud["versions"][words[3]] = "STOPPED"
elif words[:3] == ["app", "versions", "delete"]:
    assert words[3] not in cloud["calls"], "a version with calls cannot be deleted"
    del cloud["versions"][words[3]]
elif words[:3] == ["run", "jobs", "update"] and value("--region"):
    cloud["jobs"][words[3]] = value("--image")
elif words[:3] == ["run", "jobs", "execute"] and value("--region"):
    name = words[3]
    assert "--wait" in words, words
    cloud["ran"].append([name, cloud["jobs"].get(name), value("--args")])
    asked = sum(ran[0] == name for ran in cloud["ran"])
    code = 1 if f"{{name}} {{asked}}" in cloud["fails"] else 0
else:
    sys.exit(2)
state.write_text(json.dumps(cloud))
sys.exit(code)
"""

# What fails; whether the release has the calls in the end; how many jobs ran.
CASES = {
    "all is well": ([], True, 3),
    "tables cannot be changed": ([f"{MIGRATE} 1"], False, 1),
    "the release does not start": (["start"], False, 1),
    "the release is not well": ([f"{VERIFY} 1"], False, 2),
    "the release is not well with calls": ([f"{VERIFY} 2"], False, 3),
}


def run(script: str, fails: list[str], calls: dict[str, float]) -> tuple[int, dict]:
    """The exit code, and the versions as they are left."""
    cloud = {"calls": calls, "versions": dict.fromkeys(calls, "SERVING")}
    cloud = {**cloud, "jobs": {}, "ran": [], "fails": fails}
    return play(script, {"gcloud": GCLOUD}, cloud)


def look(script: str) -> list[str]:
    """Everything that a release does not do as it should."""
    problems = []
    for what, (fails, released, jobs) in CASES.items():
        code, cloud = run(script, fails, {"v1": 1.0})
        new = [version for version in cloud["versions"] if version != "v1"]
        if (code == 0) != released:
            problems.append(f"{what}: it ended with {code}")
        calls = dict.fromkeys(new, 1.0) if released else {"v1": 1.0}
        states = {"v1": "STOPPED" if released else "SERVING"}
        states |= dict.fromkeys(new, "SERVING") if released else {}
        if cloud["calls"] != calls or cloud["versions"] != states:
            problems.append(f"{what}: left {cloud['calls']} of {cloud['versions']}")
        if len(cloud["ran"]) != jobs:
            problems.append(f"{what}: ran {cloud['ran']}")
        if any(image != IMAGE for _, image, _ in cloud["ran"]):
            problems.append(f"{what}: another image was run")
        if released:
            host, version = "xat.uc.r.appspot.com", new[0] if new else ""
            asked = [ran[2] for ran in cloud["ran"]]
            wanted = [
                None,
                f"https://{host},https://{version}-dot-{host}/health/,abc",
                f"https://{host},https://{host}/health/,abc",
            ]
            if asked != wanted:
                problems.append(f"asked {asked}")
    code, cloud = run(script, [], {"v0": 0.5, "v1": 0.5})
    if code == 0 or cloud["ran"]:
        problems.append("calls are divided, and it went on")
    return problems


PLANTED = {
    "the release is not well with calls": ("moved=true", "moved=false"),
    "the release is not well": ("--no-promote ", ""),
    "the release does not start": ("started=true", "started=false"),
    "tables cannot be changed": ("set -euo pipefail", "set -uo pipefail"),
    "all is well": ("gcloud app versions stop", "true"),
    "asked": ("https://$version-dot-${url#https://}", "$url"),
    "calls are divided": (
        'if [[ "$previous" != *"=1.0"',
        'if false && [[ "$previous" != *"=1.0"',
    ),
}

if __name__ == "__main__":
    judge(Path(sys.argv[1]).read_text(), look, PLANTED)
