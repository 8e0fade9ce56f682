"""Runs the delivered `release.sh` against a `gcloud` that keeps a service in a file, and looks at what is left of it.

    release.py SCRIPT

Whatever fails, all calls must go to one revision that is well, and no candidate may stay behind. Then the same is asked of copies of the
script with a defect in each.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Enough of `gcloud run` for the script: what it does not know it refuses, as the real one does.
GCLOUD = """#!{python}
import json, os, sys
from pathlib import Path

state = Path(os.environ["STATE"])
cloud = json.loads(state.read_text())
words = sys.argv[1:]
def value(flag):
    return words[words.index(flag) + 1] if flag in words else None
assert value("--project") and value("--region") and "--quiet" in words, words
verb, name = words[1:3], words[3]
code = 0
if verb == ["services", "describe"]:
    form = value("--format")
    if "traffic" in form:
        for part in cloud["traffic"]:
            print(",".join(part))
    elif form == "value(status.url)":
        print("https://xat-1.x.run.app")
    elif form == "value(status.latestCreatedRevisionName)":
        print(cloud["latest"])
    else:
        sys.exit(2)
elif verb == ["services", "update"]:
    assert "--no-traffic" in words and "@sha256:" in value("--image"), words
    cloud["latest"], cloud["tag"] = "xat-2", value("--tag")
    code = 1 if "start" in cloud["fails"] else 0
elif verb == ["services", "update-traffic"]:
    if "--remove-tags" in words:
        cloud["tag"] = None
    else:
        revision, percent = value("--to-revisions").split("=")
        cloud["traffic"] = [[percent, revision]]
elif verb == ["jobs", "update"]:
    cloud["jobs"][name] = value("--image")
elif verb == ["jobs", "execute"]:
    assert "--wait" in words, words
    cloud["ran"].append([name, cloud["jobs"].get(name), value("--args")])
    asked = sum(ran[0] == name for ran in cloud["ran"])
    code = 1 if f"{{name}} {{asked}}" in cloud["fails"] else 0
else:
    sys.exit(2)
state.write_text(json.dumps(cloud))
sys.exit(code)
"""
IMAGE = "x-docker.pkg.dev/p/r/xat@sha256:" + "0" * 64
MIGRATE, VERIFY = "xat-backend-migrate", "xat-backend-verify"
OLD, NEW = [["100", "xat-1"]], [["100", "xat-2"]]

# What fails; whether the script must; who has the calls in the end; how many jobs ran.
CASES = {
    "all is well": ([], False, NEW, 3),
    "tables cannot be changed": ([f"{MIGRATE} 1"], True, OLD, 1),
    "the release does not start": (["start"], True, OLD, 1),
    "the release is not well": ([f"{VERIFY} 1"], True, OLD, 2),
    "the release is not well with calls": ([f"{VERIFY} 2"], True, OLD, 3),
}


def play(
    script: str, programs: dict[str, str], cloud: dict, cwd: Path | None = None
) -> tuple[int, dict]:
    """Runs a script with doubles of programs: the exit code, and the cloud as it is left."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        for name, text in programs.items():
            program = Path(folder) / name
            program.write_text(text.format(python=sys.executable))
            program.chmod(0o755)
        state.write_text(json.dumps(cloud))
        path = f"{folder}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-s", IMAGE, "abc"],
            input=script,
            text=True,
            check=False,
            capture_output=True,
            cwd=cwd,
            env={"PATH": path, "STATE": str(state)},
        )
        return done.returncode, json.loads(state.read_text())


def run(script: str, fails: list[str], traffic: list[list[str]]) -> tuple[int, dict]:
    """The exit code, and the service as it is left."""
    cloud = {"traffic": traffic, "latest": "xat-1", "tag": None}
    cloud = {**cloud, "jobs": {}, "ran": [], "fails": fails}
    return play(script, {"gcloud": GCLOUD}, cloud)


def look(script: str) -> list[str]:
    """Everything that a release does not do as it should."""
    problems = []
    for what, (fails, fail, traffic, jobs) in CASES.items():
        # A tag from a run that was cut off stands beside the calls.
        code, cloud = run(script, fails, [["", "xat-0"], *OLD])
        left = [part for part in cloud["traffic"] if part[0]]
        if (code != 0) != fail:
            problems.append(f"{what}: it ended with {code}")
        if left != traffic or cloud["tag"] is not None:
            problems.append(f"{what}: left {left}, tagged {cloud['tag']}")
        if len(cloud["ran"]) != jobs:
            problems.append(f"{what}: ran {cloud['ran']}")
        if any(image != IMAGE for _, image, _ in cloud["ran"]):
            problems.append(f"{what}: another image was run")
    asked = [ran[2] for ran in run(script, [], OLD)[1]["ran"]]
    url = "https://xat-1.x.run.app"
    tagged = "https://candidate---xat-1.x.run.app"
    wanted = [
        None,
        f"{url},{tagged}/health/,abc",
        f"{url},{url}/health/,abc",
    ]
    if asked != wanted:
        problems.append(f"asked {asked}")
    code, cloud = run(script, [], [["50", "xat-0"], ["50", "xat-1"]])
    if code == 0 or cloud["ran"]:
        problems.append("calls are divided, and it went on")
    return problems


PLANTED = {
    "the release is not well with calls": ("moved=true", "moved=false"),
    "tables cannot be changed": ("set -euo pipefail", "set -uo pipefail"),
    "all is well": ("--remove-tags", "--to-revisions xat-1=50 --remove-nothing"),
    "asked": ("https://$tag---${url#https://}", "$url"),
    "calls are divided": ('if [[ -z "$previous" ]]', "if false"),
}


def judge(script: str, looks, planted: dict[str, tuple[str, str]]) -> None:
    """Looks at the script, then at each defect."""
    problems = looks(script)
    if problems:
        sys.exit("the delivered release.sh: " + "; ".join(problems))
    for words, (old, new) in planted.items():
        if old not in script:
            sys.exit(f"nothing to plant: `{old}` is not there")
        noticed = looks(script.replace(old, new))
        if not any(problem.startswith(words) for problem in noticed):
            sys.exit(f"planted, and not noticed: {words}; found {noticed}")
    print(
        f"release.sh goes forward and back as it should; noticed: {', '.join(planted)}"
    )


if __name__ == "__main__":
    judge(Path(sys.argv[1]).read_text(), look, PLANTED)
