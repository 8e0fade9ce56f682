"""Values as the protocol carries them, and what a provider does with them: what is known only later, and what is made up.

How values are spelt in MessagePack is said at
https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol and in its page on objects: what is not known yet is
an extension, and a value of a type that the schema leaves open is a pair of its type, as JSON, and itself.
"""

import hashlib
import json

import msgpack

UNKNOWN = msgpack.ExtType(0, b"\0")


def read(value):
    """A value as Python has it."""
    if value.json:
        return json.loads(value.json)
    return msgpack.unpackb(
        value.msgpack, raw=False, strict_map_key=False, ext_hook=msgpack.ExtType
    )


def write(value):
    """The same as bytes."""
    return msgpack.packb(value, use_bin_type=True)


def is_unknown(value):
    return isinstance(value, msgpack.ExtType)


def _inner(facts, value, change):
    """The blocks in a value, each changed."""
    out = {}
    for name, (nesting, _, _, inner) in facts.get("b", {}).items():
        found = value.get(name)
        if found is None or is_unknown(found):
            out[name] = found
        elif nesting in ("list", "set"):
            out[name] = [
                change(inner, item, f"{name}.{at}.") for at, item in enumerate(found)
            ]
        elif nesting == "map":
            out[name] = {
                key: change(inner, item, f"{name}.{key}.")
                for key, item in found.items()
            }
        else:
            out[name] = change(inner, found, f"{name}.")
    return out


def planned(facts, proposed, _path=""):
    """What will be: what the service makes is not known yet, what is only written is kept nowhere."""
    out = {}
    for name, (_, flags) in facts.get("a", {}).items():
        value = proposed.get(name)
        if "w" in flags:
            value = None
        elif value is None and "c" in flags:
            value = UNKNOWN
        out[name] = value
    return out | _inner(facts, proposed, planned)


def applied(facts, plan, seed, answer=None):
    """What is: for whatever was not known yet, something made up that is the same every time.

    What the schema leaves open is the service's answer, which the provider hands on.
    """

    def fill(facts, value, path):
        out = {}
        for name, (kind, _) in facts.get("a", {}).items():
            found = value.get(name)
            if is_unknown(found):
                found = (
                    opened(answer)
                    if kind == "dynamic"
                    else made(kind, f"{seed} {path}{name}")
                )
            out[name] = found
        return out | _inner(
            facts, value, lambda inner, item, at: fill(inner, item, path + at)
        )

    return fill(facts, plan, "")


def seed_of(type_name, plan):
    """What everything made up for a resource follows from: its type, and what is known of it."""
    text = json.dumps(plan, sort_keys=True, default=lambda other: "?")
    return f"{type_name} {hashlib.sha256(text.encode()).hexdigest()}"


def made(kind, seed):
    digest = hashlib.sha256(seed.encode()).hexdigest()
    if kind == "string":
        return f"made-up-{digest[:16]}"
    if kind == "number":
        return int(digest[:4], 16)
    if kind == "bool":
        return False
    if kind[0] in ("list", "set"):
        return [made(kind[1], seed)]
    if kind[0] == "map":
        return {}
    return {key: made(inner, f"{seed} {key}") for key, inner in kind[1].items()}


def _type(value):
    """The type of a value whose schema leaves it open."""
    if isinstance(value, dict):
        return ["object", {key: _type(inner) for key, inner in value.items()}]
    if isinstance(value, list):
        return ["tuple", [_type(inner) for inner in value]]
    if isinstance(value, bool):
        return "bool"
    return "string" if isinstance(value, str) else "number"


def opened(value):
    """A value that says its own type."""
    return [json.dumps(_type(value)).encode(), value]


def _blocks(facts, config, path):
    """The blocks in a configuration, with their facts and paths."""
    for name, (nesting, _, _, inner) in facts.get("b", {}).items():
        found = config.get(name)
        items = (
            found if nesting in ("list", "set") and isinstance(found, list) else [found]
        )
        yield from (
            (inner, item, f"{path}{name}.") for item in items if isinstance(item, dict)
        )


def flagged(facts, config, which, path=""):
    """The paths of what is set and has such flags."""
    for name, (_, flags) in facts.get("a", {}).items():
        if which(flags) and config.get(name) is not None:
            yield path + name
    for inner, item, at in _blocks(facts, config, path):
        yield from flagged(inner, item, which, at)


def written(facts, config, path=""):
    """What stands at arguments that are only written, by path."""
    for name, (_, flags) in facts.get("a", {}).items():
        if "w" in flags and config.get(name) is not None:
            yield path + name, config[name]
    for inner, item, at in _blocks(facts, config, path):
        yield from written(inner, item, at)
