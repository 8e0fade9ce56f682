"""What exists already, taken over by `import` blocks: nothing of it is made anew, and then there is nothing left to do."""

import json
import shutil

from questions import left
from terraform import actions, read


def imports(run, case, state):
    """What exists is taken over as it is: nothing of it is made anew or destroyed, and then there is nothing left to do."""
    blocks = []
    for prefix, path in case.members:
        module = read(path / "existing/main.tf.json")
        # The words of several modules stand in one root; what is imported by the same ID in two of them is told apart.
        mark = f"{path.name}|" if case.root else ""
        for block in listed(module.pop("import", [])):
            blocks.append({"to": prefix + block["to"], "id": mark + block["id"]})
        if module != read(path / "json/main.tf.json"):
            yield f"{path.name}: what exists is written otherwise than what is new"
    module = (
        case.module("json")
        if case.root
        else read(case.members[0][1] / "json/main.tf.json")
    )
    yield from taken_over(run, case, state, "existing", module | {"import": blocks})


def recorded(run, case, state):
    """What an estate that was recorded has of a stack is taken over too, as the command line writes it, in both spellings."""
    path = case.members[0][1] / "recorded"
    module = read(path / "json/main.tf.json")
    yield from taken_over(run, case, state, "recorded", module)
    hcl = run.at(f"{case.name}/recorded-hcl", path / "hcl", case.secrets)
    yield from hcl.validate()
    shutil.copy(run.folder / case.name / "recorded/terraform.tfstate", hcl.path)
    yield from (
        f"recorded, HCL over the state of JSON: {address}: {what}"
        for address, what in left(hcl)
    )


def taken_over(run, case, state, name, module):
    """A module with imports, over nothing: the doubles know what there is from the state of the module without."""
    there, blocks = {}, listed(module.get("import", []))
    for block in blocks:
        attributes = dict(state[block["to"]][1])
        # Nobody knows the number of what was written once and is never returned.
        numbers = [key for key in attributes if key.endswith("_wo_version")]
        found = attributes | dict.fromkeys(numbers)
        if (
            there.setdefault(block["to"].split(".")[-2], {}).setdefault(
                block["id"], found
            )
            != found
        ):
            yield f"two resources are imported by {block['id']}"
    known = run.folder / "double" / "imports" / case.name / f"{name}.json"
    known.parent.mkdir(parents=True, exist_ok=True)
    known.write_text(json.dumps(there), encoding="utf-8")
    folder = run.at(f"{case.name}/{name}", module, case.secrets)
    _, plan = folder.plan()
    taken = {
        change["address"]
        for change in plan["resource_changes"]
        if "importing" in change["change"]
    }
    yield from (
        f"{block['to']} is not taken over"
        for block in blocks
        if block["to"] not in taken
    )
    for address, what in actions(plan).items():
        if address in taken and what != ["update"]:
            yield f"{address}: {what}, and it exists"
    folder.apply()
    yield from (
        f"{name}: after the imports: {address}: {what}"
        for address, what in left(folder)
    )


def listed(blocks):
    """Blocks of JSON as a list: one of them stands alone."""
    return blocks if isinstance(blocks, list) else [blocks]
