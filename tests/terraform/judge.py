"""Terraform's own judgement of every emitted module, with doubles for its providers.

    judge.py CASES FOLDER

CASES is what `terraform-cases` wrote. Each module is validated, planned, applied and planned again; its other spelling is
planned over the same state; what came of it is held against what the stack says.
"""

import base64
import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import sys
import time

import changes
import destroying
import existing
import planted
from questions import CANARY, kept_secrets, left, order
from terraform import Folder, Refused, actions, instances, read

_HERE = pathlib.Path(__file__).resolve().parent


class Judge:
    """What there is to judge, and what was found wrong."""

    def __init__(self, cases, folder):
        self.cases = cases
        self.folder = folder
        self.wrong = []
        self.double, self.reattach = _serve(folder / "double")

    def complain(self, words):
        self.wrong.extend(words)

    def at(self, name, module, secrets=None, init=True):
        """A folder for Terraform with this module in it: the path of one, or its JSON."""
        path = self.folder / name
        path.mkdir(parents=True)
        if isinstance(module, dict):
            with open(path / "main.tf.json", "w", encoding="utf-8") as file:
                json.dump(module, file)
        else:
            for file in module.iterdir():
                shutil.copy(file, path)
        folder = Folder(path, self.reattach, secrets or {})
        if init:
            folder.init()
        return folder


def _serve(folder):
    """The doubles, once they serve, and by what Terraform finds them."""
    folder.mkdir(parents=True)
    double = subprocess.Popen([sys.executable, str(_HERE / "double.py"), str(folder)])
    for _ in range(300):
        if (folder / "reattach").exists():
            return double, (folder / "reattach").read_text(encoding="utf-8")
        if double.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("the doubles do not serve")


def secrets_of(module):
    """The variables that have to be handed in."""
    return [
        name
        for name, said in module.get("variable", {}).items()
        if "default" not in said
    ]


class Case:
    """One root module: a stack, or all examples as modules of one."""

    def __init__(self, name, members, root):
        # For each member the prefix of its addresses, and its folder of CASES.
        self.name, self.members, self.root = name, members, root
        self.secrets = {}
        for _, path in members:
            names = secrets_of(read(path / "json/main.tf.json"))
            self.secrets |= {
                variable: f"{CANARY}{name}-{variable}" for variable in names
            }

    def module(self, form):
        """The root in one of the spellings."""
        if not self.root:
            return self.members[0][1] / form
        calls = {}
        for prefix, path in self.members:
            handed = {
                name: f"${{var.{name}}}"
                for name in secrets_of(read(path / "json/main.tf.json"))
            }
            calls[prefix.split(".")[1]] = {"source": str(path / form)} | handed
        variable = {"type": "string", "ephemeral": True, "sensitive": True}
        return {"module": calls, "variable": {name: variable for name in self.secrets}}


def spacing(run):
    """What `fmt` would change anywhere."""
    _, said = Folder(run.cases, run.reattach, {}).run(
        "fmt", "-check", "-diff", "-recursive", fine=(0, 3)
    )
    return [f"fmt: {said}"] if said else []


def judge(run, case):
    """Everything that Terraform says of one root module."""
    say = lambda words: run.complain(f"{case.name}: {word}" for word in words)
    folder = run.at(f"{case.name}/json", case.module("json"), case.secrets)
    other = run.at(f"{case.name}/hcl", case.module("hcl"), case.secrets)
    for spelling in (folder, other):
        said = spelling.validate()
        say(said)
        if said:
            return
    ignoring = run.at(f"{case.name}/ignoring", case.module("ignoring"), case.secrets)
    say(ignoring.validate())
    something, plan = folder.plan()
    say([] if something else ["there was nothing to make"])
    say(
        f"{address}: {what}, and nothing is there"
        for address, what in actions(plan).items()
        if what != ["create"]
    )
    say(kept_secrets(folder.path / "plan"))
    folder.apply()
    say(kept_secrets(folder.path / "terraform.tfstate"))
    say(lost_secrets(run, case))
    say(f"after the apply: {address}: {what}" for address, what in left(folder))
    shutil.copy(folder.path / "terraform.tfstate", other.path)
    say(
        f"HCL over the state of JSON: {address}: {what}"
        for address, what in left(other)
    )
    state = instances(folder.state())
    for prefix, path in case.members:
        say(order(state, prefix, read(path / "expected.json")))
    say(destroying.refusals(run, case, folder))
    say(existing.imports(run, case, state))
    if not case.root and (case.members[0][1] / "recorded").exists():
        say(existing.recorded(run, case, state))


def lost_secrets(run, case):
    """Secrets that were handed in and came to no provider, neither as they are nor encoded."""
    written = (
        (run.folder / "double/written").read_text(encoding="utf-8")
        if case.secrets
        else ""
    )
    for name, secret in case.secrets.items():
        if (
            secret not in written
            and base64.b64encode(secret.encode()).decode() not in written
        ):
            yield f"the secret {name} came to no provider"


def main(cases, folder):
    run = Judge(cases, folder)
    members = [
        (f"module.{path.name}.", path)
        for path in sorted((cases / "examples").iterdir())
    ]
    # Two halves, so that neither processor waits for the other.
    work = [Case(f"examples-{half}", members[half::2], True) for half in (0, 1)]
    work += [
        Case(path.name, [("", path)], False)
        for path in sorted((cases / "stacks").iterdir())
    ]
    try:
        run.complain(spacing(run))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(judge, run, case) for case in work]
            jobs += [pool.submit(changes.judge, run), pool.submit(planted.judge, run)]
            for job in jobs:
                try:
                    job.result()
                except Refused as why:
                    run.complain([str(why)])
    finally:
        run.double.terminate()
    for word in run.wrong:
        print(word)
    print(
        f"{len(members)} examples and {len(work) - 2} stacks: {len(run.wrong)} complaints"
    )
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:3])))
