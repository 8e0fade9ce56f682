"""What is asked of Terraform, its plans and its states beside what it says by itself."""

import json
import zipfile

from terraform import actions

# What every secret begins with, so that it is found wherever it is kept.
CANARY = "canary-"


def left(folder):
    """What a plan would still do, outputs too."""
    something, plan = folder.plan()
    found = list(actions(plan).items())
    return found or ([("outputs", plan.get("output_changes"))] if something else [])


def kept_secrets(path):
    """Canaries in a file; a plan is an archive of files."""
    texts = {path.name: path.read_bytes()}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            texts = {name: archive.read(name) for name in archive.namelist()}
    return [
        f"{name} keeps a secret"
        for name, text in texts.items()
        if CANARY.encode() in text
    ]


def order(state, prefix, expected):
    """What Terraform waits for, against what the stack waits for: everything of it, and nothing else."""
    carriers = {
        node: [prefix + carrier for carrier in said["carriers"]]
        for node, said in expected.items()
    }
    of = {
        carrier: node for node, all_of_it in carriers.items() for carrier in all_of_it
    }
    for node, said in expected.items():
        missing = [carrier for carrier in carriers[node] if carrier not in state]
        if missing:
            yield f"{node}: {missing} is not there"
            continue
        needed = {carrier for other in said["waits"] for carrier in carriers[other]}
        waits = set().union(*(state[carrier][0] for carrier in carriers[node]))
        yield from (
            f"{node} does not wait for {other}" for other in sorted(needed - waits)
        )
        # What Terraform makes up for a secret is no resource of the stack.
        made = {other for other in waits if "ephemeral." in other}
        more = waits - needed - set(carriers[node]) - made
        yield from (
            f"{node} waits for {other}, and the stack does not say so"
            for other in sorted(more)
        )
        # Whoever waits for a resource at all waits for the whole of it.
        for carrier in carriers[node]:
            for other in {of[to] for to in state[carrier][0] if to in of} - {node}:
                lacks = set(carriers[other]) - state[carrier][0]
                yield from (
                    f"{carrier} waits for {other}, and not for {to}"
                    for to in sorted(lacks)
                )


def refused(folder):
    """The addresses of what Terraform refuses to destroy when everything is to go."""
    _, said = folder.run("plan", "-destroy", "-refresh=false", "-json", fine=(0, 1))
    lines = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    found = (line["diagnostic"] for line in lines if line["type"] == "diagnostic")
    # "Resource ADDRESS has lifecycle.prevent_destroy set, ..."
    return {
        word["detail"].split()[1]
        for word in found
        if word["summary"] == "Instance cannot be destroyed"
    }
