"""The schemas of the doubles: the facts of `tests/facts`, as the protocol says them."""

import json
import pathlib

from protocol import MESSAGES

_TESTS = pathlib.Path(__file__).resolve().parent.parent
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}


def _facts(name):
    with open(_TESTS / "facts" / f"{name}.json", encoding="utf-8") as file:
        return {key: fact for key, fact in json.load(file).items() if key != "//"}


class Facts:
    """What is known of every provider: its configuration, its resources, its ephemeral values."""

    def __init__(self):
        known = _facts("terraform-providers")
        self.providers = known["provider"]
        self.ephemeral = known["ephemeral"]
        self.resources = {}
        for name in ("azurerm", "azurerm-source", "google", "google-source"):
            self.resources.update(_facts(name))
        self.force_new = {}
        for name in ("azurerm", "google"):
            with open(_TESTS / f"{name}-force-new.txt", encoding="utf-8") as file:
                for line in file:
                    resource, *paths = line.split()
                    if not line.startswith("#"):
                        self.force_new[resource] = paths

    def of(self, provider, kind):
        """The resources or ephemeral values of a provider, by name."""
        found = self.resources if kind == "resource" else self.ephemeral
        return {
            name: fact
            for name, fact in found.items()
            if name.startswith(f"{provider}_")
        }


def _block(facts):
    block = MESSAGES["Block"]()
    for name, (kind, flags) in sorted(facts.get("a", {}).items()):
        block.attributes.add(
            name=name,
            type=json.dumps(kind).encode(),
            required="r" in flags,
            optional="o" in flags,
            computed="c" in flags,
            deprecated="d" in flags,
            sensitive="s" in flags,
            write_only="w" in flags,
        )
    for name, (nesting, least, most, inner) in sorted(facts.get("b", {}).items()):
        added = block.block_types.add(
            type_name=name, nesting=_NESTING[nesting], min_items=least, max_items=most
        )
        added.block.CopyFrom(_block(inner))
    return block


def schema(facts):
    """A schema from the facts of a resource, an ephemeral value, or a provider's configuration."""
    return MESSAGES["Schema"](version=0, block=_block(facts))
