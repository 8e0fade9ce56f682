"""The real Terraform, run in a folder, with the doubles for its providers."""

import json
import os
import subprocess

# What every run of Terraform finds: no questions, no news, nothing of the user's own settings.
_SETTINGS = {
    "CHECKPOINT_DISABLE": "1",
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
    "TF_CLI_CONFIG_FILE": os.devnull,
}
# A state beside the module, whatever the module says.
_BACKEND = {"terraform": {"backend": {"local": {}}}}


# What Terraform warns of whenever something is forgotten.
_FORGETS = "Some objects will no longer be managed by Terraform"


class Refused(Exception):
    """Terraform refused, and what it said."""


def read(path):
    """A file of JSON."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Folder:
    """A folder with a module in it."""

    def __init__(self, path, reattach, secrets):
        self.path = path
        self.environment = os.environ | _SETTINGS | {"TF_REATTACH_PROVIDERS": reattach}
        self.environment |= {f"TF_VAR_{name}": value for name, value in secrets.items()}

    def run(self, *arguments, fine=(0,)):
        """What Terraform says, and its exit code, which must be one of those that are fine."""
        command = ["terraform", *arguments]
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in fine:
            raise Refused(
                f"{self.path}: {' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done.returncode, done.stdout + done.stderr

    def init(self):
        with open(
            self.path / "backend_override.tf.json", "w", encoding="utf-8"
        ) as file:
            json.dump(_BACKEND, file)
        self.run("init")

    def validate(self):
        """Every word of `validate`, warnings too: severity, what, and where."""
        _, out = self.run("validate", "-json", fine=(0, 1))
        said = json.loads(out[out.index("{") :])["diagnostics"]
        return [
            f"{word['severity']}: {word['summary']}: {word['detail']} "
            f"({word.get('range', {}).get('filename')}: {(word.get('snippet') or {}).get('context')})"
            for word in said
        ]

    def plan(self, *arguments):
        """Whether there is anything to do, and the plan as Terraform shows it to machines."""
        code, said = self.run(
            "plan",
            "-no-color",
            "-out=plan",
            "-detailed-exitcode",
            "-parallelism=4",
            *arguments,
            fine=(0, 2),
        )
        warned = [part.split("\n╵")[0] for part in said.split("Warning: ")[1:]]
        if any(not part.startswith(_FORGETS) for part in warned):
            raise Refused(f"{self.path}: plan warns: {warned}")
        _, shown = self.run("show", "-json", "plan")
        return code == 2, json.loads(shown)

    def apply(self):
        self.run("apply", "-parallelism=4", "plan")

    def state(self):
        """The state as it lies in its file."""
        with open(self.path / "terraform.tfstate", encoding="utf-8") as file:
            return json.load(file)


def actions(plan):
    """What a plan does, by address; what it only reads or leaves alone is left out."""
    found = {}
    for change in plan.get("resource_changes", []):
        what = change["change"]["actions"]
        if what != ["no-op"]:
            found[change["address"]] = what
    return found


def instances(state):
    """Each resource of a state: its address with what it waits for, and its attributes."""
    out = {}
    for resource in state["resources"]:
        module = f"{resource['module']}." if "module" in resource else ""
        for instance in resource["instances"]:
            waits = set(instance.get("dependencies", []))
            out[f"{module}{resource['type']}.{resource['name']}"] = (
                waits,
                instance["attributes"],
            )
    return out
