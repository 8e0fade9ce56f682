"""What a service would answer to a resource of the raw provider: what was written, and what ARM's definitions say it adds."""

import json
import pathlib

from values import made

_FACTS = pathlib.Path(__file__).resolve().parent.parent / "facts"


class Answers:
    """The definitions of ARM's types, by type in small letters."""

    def __init__(self):
        self.types = {}
        for name in ("arm", "arm-source"):
            with open(_FACTS / f"{name}.json", encoding="utf-8") as file:
                self.types.update(
                    (key.lower(), fact)
                    for key, fact in json.load(file).items()
                    if key != "//"
                )

    def to(self, plan, seed):
        """The answer to a write; `None` where the resource is none of the raw provider."""
        if "parent_id" not in plan or "body" not in plan:
            return None
        kind, name = plan["type"].split("@")[0], plan["name"]
        whole = {
            "id": f"{plan['parent_id']}/providers/{kind}/{name}",
            "name": name,
            "type": kind,
        }
        if isinstance(plan["body"], list):
            whole |= _known(plan["body"][1])
        facts = self.types.get(kind.lower())
        if facts is not None:
            self._add(facts["defs"], facts["defs"][facts["root"]], whole, seed)
        return whole

    def _add(self, defs, fact, into, seed):
        for key, inner in fact.get("props", {}).items():
            inner = defs.get(inner["ref"], inner) if inner.get("t") == "ref" else inner
            if "readOnly" in inner.get("flags", []):
                into.setdefault(key, made("string", f"{seed} {key}"))
            elif key == "properties" or isinstance(into.get(key), dict):
                self._add(defs, inner, into.setdefault(key, {}), f"{seed} {key}")


def _known(value):
    """A value without what is absent in it."""
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items() if inner is not None}
    return [_known(inner) for inner in value] if isinstance(value, list) else value
