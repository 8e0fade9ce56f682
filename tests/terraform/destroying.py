"""Whether destroying is refused for whatever holds data."""

import json
import shutil

import questions
from terraform import read


def refusals(run, case, folder):
    """Whether destroying is refused for whatever holds data.

    Terraform stops at the first refusal on each way: what was refused is unlocked, and it is asked again, until nothing is.
    """
    expected = {prefix: read(path / "expected.json") for prefix, path in case.members}
    keeps = {
        prefix + said["carriers"][0]
        for prefix, nodes in expected.items()
        for said in nodes.values()
        if said["keeps"]
    }
    unlocked_so_far = set()
    while found := questions.refused(folder) - unlocked_so_far:
        unlocked_so_far |= found
        folder = unlocked(run, case, folder, unlocked_so_far)
    return [
        f"{address} holds data, and destroying it is not refused"
        for address in sorted(keeps - unlocked_so_far)
    ]


def unlocked(run, case, before, addresses):
    """The case over the same state, without the lock of these resources."""
    root = (
        case.module("json")
        if case.root
        else read(case.members[0][1] / "json/main.tf.json")
    )
    folder = run.at(
        f"{case.name}/unlocked-{len(addresses)}", root, case.secrets, init=not case.root
    )
    for prefix, path in case.members:
        module = read(path / "json/main.tf.json")
        for kind, labels in module["resource"].items():
            for label, body in labels.items():
                if f"{prefix}{kind}.{label}" in addresses:
                    del body["lifecycle"]["prevent_destroy"]
        into = folder.path
        if case.root:
            into = folder.path / "modules" / path.name
            into.mkdir(parents=True)
            root["module"][path.name]["source"] = f"./modules/{path.name}"
        (into / "main.tf.json").write_text(json.dumps(module), encoding="utf-8")
    if case.root:
        (folder.path / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")
        folder.init()
    shutil.copy(before.path / "terraform.tfstate", folder.path)
    return folder
