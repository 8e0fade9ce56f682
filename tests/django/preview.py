"""Runs the step of the delivered plan.yml that comments, with a `gh` that keeps comments in a file.

    preview.py WORKFLOW

What a pull request's preview says must arrive as it is, whatever is in it; what is too long must be cut where a reader sees it; and the next
preview must take the place of the last.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

# As much as GitHub takes of a comment.
MOST = 65_536
OTHER = {"id": 1, "user": {"login": "someone"}, "body": "looks good"}
RUN = "https://github.example/xat/xat-backend/actions/runs/17"

# Answers as `gh api` does, for the calls that the step makes, and refuses any other.
GH = """#!{python}
import json, os, subprocess, sys
path = os.environ["COMMENTS"]
comments = json.load(open(path))
words = sys.argv[1:]
if words[:1] != ["api"]:
    sys.exit("an unknown call: " + " ".join(words))
def value(flag):
    return words[words.index(flag) + 1] if flag in words else None
address = next(word for word in words[1:] if word.startswith("repos/"))
body = value("--field")
method = value("--method") or "GET"
if method == "GET" and address == "repos/xat/xat-backend/issues/7/comments" and "--paginate" in words:
    # Pages are answered one by one, each through the filter.
    for page in (comments[:1], comments[1:]):
        said = subprocess.run(["jq", "--raw-output", value("--jq")], input=json.dumps(page), text=True, check=True, stdout=subprocess.PIPE)
        sys.stdout.write(said.stdout)
    sys.exit(0)
if not body or not body.startswith("body=@"):
    sys.exit("a comment without a body: " + " ".join(words))
text = open(body.removeprefix("body=@"), encoding="utf-8").read()
if len(text) > {most}:
    sys.exit("Validation Failed: body is too long")
if method == "POST" and address == "repos/xat/xat-backend/issues/7/comments":
    comments.append({{"id": 100 + len(comments), "user": {{"login": "github-actions[bot]"}}, "body": text}})
elif method == "PATCH" and address.startswith("repos/xat/xat-backend/issues/comments/"):
    wanted = int(address.rsplit("/", 1)[1])
    found = [comment for comment in comments if comment["id"] == wanted]
    if len(found) != 1:
        sys.exit("Not Found")
    found[0]["body"] = text
else:
    sys.exit("an unknown call: " + " ".join(words))
json.dump(comments, open(path, "w"))
"""


def step(workflow: str) -> str:
    """The script of the step."""
    steps = YAML(typ="safe").load(workflow)["jobs"]["comment"]["steps"]
    return next(one["run"] for one in steps if one.get("name") == "Comment")


def comment(script: str, previews: list[str], code: str = "2") -> list[dict]:
    """All comments of the pull request, after one preview and the next."""
    with tempfile.TemporaryDirectory() as folder:
        gh, comments = Path(folder) / "gh", Path(folder) / "comments"
        gh.write_text(GH.format(python=sys.executable, most=MOST))
        gh.chmod(0o755)
        comments.write_text(json.dumps([OTHER]))
        for preview in previews:
            (Path(folder) / "plan.txt").write_text(preview, encoding="utf-8")
            done = subprocess.run(
                # As GitHub runs what says `shell: bash`.
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                check=False,
                capture_output=True,
                text=True,
                cwd=folder,
                env={
                    "PATH": f"{folder}:{os.environ['PATH']}",
                    "COMMENTS": str(comments),
                    "CODE": code,
                    "GH_TOKEN": "none",
                    "NUMBER": "7",
                    "REPOSITORY": "xat/xat-backend",
                    "RUN": RUN,
                },
            )
            if done.returncode != 0:
                return [{"failed": done.stderr}]
        return json.loads(comments.read_text())


def look(script: str) -> list[str]:
    """Everything that a comment does not do as it should."""
    problems: list[str] = []

    def expect(words: str, true: bool, seen: object = "") -> None:
        if not true:
            problems.append(f"{words}: {str(seen)[:400]}")

    def body(preview: str, code: str = "2") -> str:
        found = comment(script, [preview], code)
        return found[-1].get("body", str(found[-1]))

    fences = "a `word`, a ```` fence\n`````rust\nlet x = 1;\n`````\n"
    said = body(fences)
    expect("backticks survive", fences in said, said)
    closing = said.rstrip("\n").splitlines()[-1]
    expect("nothing ends the fence early", closing == "`" * 6, closing)
    strange = "$(rm -rf /) \\n %s %d 'quoted' \"too\" ± → <b> @someone\n"
    expect("nothing of it is run", strange in body(strange), body(strange))
    expect("what was found stands first", "**: changes\n" in said, said)
    refused = body("x\n", "3")
    expect("a refusal is told", "a step that is refused" in refused, refused)
    expect("a plan that failed is told", "no plan" in body("x\n", "1"))
    expect("a short one is not cut", "Cut here" not in said, said)

    line = "    ~ postgres server            xat-pg → xat-pg ± data loss\n"
    long = body(line * 4000)
    expect(
        "a long one is cut visibly", "Cut here: " in long and RUN in long, long[-300:]
    )
    expect("and says where the rest is", "artifact plan-" in long, long[-300:])
    shown = long.count(line)
    told = f"**Cut here: {4000 - shown} more lines.**"
    expect("and how much there is", shown > 500 and told in long, (shown, long[-300:]))
    one = body("é" * 200_000 + "\n")
    expect("one endless line is cut too", "Cut here: 1 more" in one, one[-300:])

    comments = comment(script, ["first\n", "second\n", "third\n"])
    expect("one comment is kept up to date", len(comments) == 2, comments)
    kept = comments[-1].get("body", "")
    expect("with the last preview", "third" in kept and "first" not in kept, kept)
    expect("and nobody else's is touched", comments[0] == OTHER, comments[0])
    return problems


PLANTED = {
    "backticks survive": ("cat shown.txt", "tr --delete '`' <shown.txt"),
    "nothing ends the fence early": ("longest + 1", "longest"),
    "a long one is cut visibly": ("((left > 0))", "false"),
    "one comment is kept up to date": ('if [[ -n "$id" ]]', "if false"),
    "nothing of it is run": ("cat shown.txt", 'eval "echo "$(cat shown.txt)""'),
    "and how much there is": ("> 60000", "> 6000"),
    "one endless line is cut too": ("(size += length($0) + 1) > 60000", "NR > 4000"),
}


def main() -> None:
    """Looks at the step, then at each defect."""
    script = step(Path(sys.argv[1]).read_text())
    problems = look(script)
    if problems:
        sys.exit("the delivered plan.yml: " + "; ".join(problems))
    for words, (old, new) in PLANTED.items():
        if old not in script:
            sys.exit(f"nothing to plant: `{old}` is not there")
        noticed = look(script.replace(old, new))
        if not any(problem.startswith(words) for problem in noticed):
            sys.exit(f"planted, and not noticed: {words}; found {noticed}")
    print(f"previews are commented as they should; noticed: {', '.join(PLANTED)}")


if __name__ == "__main__":
    main()
