"""Runs the `release.sh` of GKE, in its folder with the manifests, against a `kubectl` that keeps a cluster in a file.

release_gke.py SCRIPT
"""

import sys
from pathlib import Path

from release import IMAGE, judge, play

GCLOUD = """#!{python}
import sys
words = sys.argv[1:]
known = words[:3] == ["container", "clusters", "get-credentials"]
sys.exit(0 if known and "--dns-endpoint" in words and "--project" in words else 2)
"""
# Enough of `kubectl` for the script: it applies what the folder lists, with the image that it says.
KUBECTL = """#!{python}
import json, os, sys
from pathlib import Path
import yaml

state = Path(os.environ["STATE"])
cloud = json.loads(state.read_text())
words = sys.argv[1:]
if words[0] == "--namespace":
    assert words[1] == "xat-backend", words
    words = words[2:]
code = 0
if words[:2] == ["apply", "--kustomize"]:
    folder = Path(words[2])
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text())
    image = listed["images"][0]
    for name in listed["resources"]:
        for one in yaml.safe_load_all((folder / name).read_text()):
            pod = one.get("spec", {{}}).get("template", {{}}).get("spec")
            name = one["metadata"]["name"]
            if pod:
                used = pod["containers"][0]["image"].rsplit(":", 1)[0]
                assert used == image["name"], used
                used = image["newName"] + "@" + image["digest"]
            if one["kind"] == "Deployment":
                cloud["revisions"].append(used)
                cloud["runs"] = len(cloud["revisions"])
            elif one["kind"] == "Job":
                assert name not in cloud["jobs"], "a job cannot be changed"
                cloud["jobs"][name] = "Failed" if name in cloud["fails"] else "Complete"
                cloud["ran"].append([name, used, pod["containers"][0].get("args")])
elif words[:2] == ["delete", "job"]:
    cloud["jobs"].pop(words[2], None)
elif words[:2] == ["get", "job"]:
    print("SuccessCriteriaMet" if cloud["jobs"][words[2]] == "Complete" else "FailureTarget", end=" ")
    print(cloud["jobs"][words[2]])
elif words[:2] == ["get", "deployment"]:
    print(cloud["runs"] or "", end="")
elif words[:2] == ["rollout", "status"]:
    code = 1 if "start" in cloud["fails"] and cloud["runs"] == len(cloud["revisions"]) else 0
elif words[:2] == ["rollout", "undo"]:
    cloud["undone"] = words[words.index("--to-revision") + 1] or "nothing"
    cloud["runs"] = int(words[words.index("--to-revision") + 1] or 0)
elif words[0] != "logs":
    sys.exit(2)
state.write_text(json.dumps(cloud))
sys.exit(code)
"""
MIGRATE, VERIFY = "xat-backend-migrate", "xat-backend-verify"

# What fails; which jobs ran; which revision runs in the end, of the one before and the release.
CASES = {
    "all is well": ([], [MIGRATE, VERIFY], 2),
    "tables cannot be changed": ([MIGRATE], [MIGRATE], 1),
    "the release does not start": (["start"], [MIGRATE], 1),
    "the release is not well": ([VERIFY], [MIGRATE, VERIFY], 1),
}


def look_in(folder: Path):
    """Looks at a script that has its manifests in a folder."""

    def run(script: str, fails: list[str], before: list[str]) -> tuple[int, dict]:
        cloud = {"revisions": before, "runs": len(before), "fails": fails, "undone": ""}
        # A run that was cut off left its jobs.
        cloud = {**cloud, "jobs": {MIGRATE: "Failed", VERIFY: "Complete"}, "ran": []}
        return play(script, {"gcloud": GCLOUD, "kubectl": KUBECTL}, cloud, folder)

    def look(script: str) -> list[str]:
        problems = []
        for what, (fails, jobs, runs) in CASES.items():
            code, cloud = run(script, fails, ["old"])
            if (code != 0) != bool(fails):
                problems.append(f"{what}: it ended with {code}")
            if [ran[0] for ran in cloud["ran"]] != jobs:
                problems.append(f"{what}: ran {cloud['ran']}")
            if cloud["runs"] != runs or cloud["revisions"][1:] not in ([], [IMAGE]):
                problems.append(f"{what}: left {cloud['runs']} of {cloud['revisions']}")
            if any(image != IMAGE for _, image, _ in cloud["ran"]):
                problems.append(f"{what}: another image was run")
        code, cloud = run(script, [], [])
        if code != 0 or cloud["revisions"] != [IMAGE]:
            problems.append(f"the first release: {code}, {cloud['revisions']}")
        # Where nothing was before, there is nothing to go back to.
        code, cloud = run(script, [VERIFY], [])
        if code == 0 or cloud["undone"]:
            problems.append(f"a first release that fails: {code}, {cloud['undone']}")
        code, cloud = run(script, [], ["old"])
        asked = [ran[2] for ran in cloud["ran"] if ran[0] == VERIFY]
        if asked != [["-", "http://xat-backend/health/", "abc"]]:
            problems.append(f"asked {asked}")
        return problems

    return look


PLANTED = {
    "tables cannot be changed": ('[[ "$ended" == *Complete* ]]', "true"),
    "the release is not well": ("changed=true", "changed=false"),
    "the release does not start": ("set -euo pipefail", "set -uo pipefail"),
    "all is well": ("of_app delete job", "true"),
    "asked": ("RELEASE-THAT-IS-ASKED-FOR|$release", "RELEASE-THAT-IS-ASKED-FOR|other"),
    "a first release that fails": ('&& [[ -n "$before" ]]', ""),
}

if __name__ == "__main__":
    path = Path(sys.argv[1])
    judge(path.read_text(), look_in(path.parent.parent), PLANTED)
