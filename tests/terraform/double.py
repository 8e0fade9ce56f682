"""Doubles of Terraform's providers: one process that plays azurerm, azapi, google and random, with no cloud behind them.

    double.py FOLDER

It serves until it is ended. FOLDER/reattach then has the value for the variable TF_REATTACH_PROVIDERS, by which Terraform finds
each double; the files of FOLDER/imports say what there is to import, and FOLDER/written has what came at arguments that are only written.
"""

import concurrent.futures
import json
import os
import pathlib
import sys
import threading

import grpc
import values
from answers import Answers
from protocol import CALLS, MESSAGES, SERVICE
from schemas import Facts, schema

_SOURCES = {
    "azurerm": "hashicorp/azurerm",
    "azapi": "azure/azapi",
    "google": "hashicorp/google",
    "random": "hashicorp/random",
}
_ERROR = 1
_WARNING = 2


class Double:
    """One provider. It keeps nothing: what there is, Terraform's state says."""

    def __init__(self, name, facts, folder):
        self.facts = facts
        self.folder = folder
        self.lock = threading.Lock()
        self.answers = Answers()
        self.resources = facts.of(name, "resource")
        self.ephemeral = facts.of(name, "ephemeral")
        self.schemas = MESSAGES["SchemaResponse"](
            provider=schema(facts.providers[name])
        )
        for kind, found in (
            ("resource", self.resources),
            ("ephemeral_resource", self.ephemeral),
        ):
            for key, fact in found.items():
                getattr(self.schemas, f"{kind}_schemas")[key].CopyFrom(schema(fact))

    def get_schema(self, _request, _answer):
        return self.schemas

    def prepare_provider_config(self, request, answer):
        answer.prepared_config.CopyFrom(request.config)

    def validate_resource_type_config(self, request, answer):
        facts = self.resources[request.type_name]
        config = values.read(request.config)
        for path in values.flagged(facts, config, lambda flags: flags.startswith("c")):
            what = f"{path} is decided by the service, and a value was set for it"
            answer.diagnostics.add(
                severity=_ERROR, summary="Read-only argument", detail=what
            )
        for path in values.flagged(facts, config, lambda flags: "d" in flags):
            answer.diagnostics.add(
                severity=_WARNING,
                summary="Deprecated argument",
                detail=f"{path} is deprecated",
            )

    def upgrade_resource_state(self, request, answer):
        answer.upgraded_state.json = request.raw_state.json

    def read_resource(self, request, answer):
        answer.new_state.CopyFrom(request.current_state)

    def plan_resource_change(self, request, answer):
        prior, proposed = values.read(request.prior_state), values.read(
            request.proposed_new_state
        )
        plan = (
            None
            if proposed is None
            else values.planned(self.resources[request.type_name], proposed)
        )
        answer.planned_state.msgpack = values.write(plan)
        if prior is None or plan is None:
            return
        for path in self.facts.force_new.get(request.type_name, []):
            top = path.split(".")[0]
            if _at(prior, path) != _at(plan, path):
                answer.requires_replace.add().steps.add(attribute_name=top)

    def apply_resource_change(self, request, answer):
        plan = values.read(request.planned_state)
        if plan is not None:
            facts = self.resources[request.type_name]
            seed = values.seed_of(request.type_name, plan)
            plan = values.applied(facts, plan, seed, self.answers.to(plan, seed))
            self._note(
                request.type_name, values.written(facts, values.read(request.config))
            )
        answer.new_state.msgpack = values.write(plan)

    def import_resource_state(self, request, answer):
        known = (
            json.loads(file.read_text(encoding="utf-8"))
            for file in self.folder.glob("imports/*/*.json")
        )
        found = [
            there[request.type_name][request.id]
            for there in known
            if request.id in there.get(request.type_name, {})
        ]
        if not found:
            what = f"there is no {request.type_name} with the ID {request.id}"
            answer.diagnostics.add(severity=_ERROR, summary="Not there", detail=what)
            return
        imported = answer.imported_resources.add(type_name=request.type_name)
        imported.state.json = json.dumps(found[0]).encode()

    def open_ephemeral_resource(self, request, answer):
        config = values.read(request.config)
        plan = values.planned(self.ephemeral[request.type_name], config)
        made = values.applied(
            self.ephemeral[request.type_name], plan, f"canary {json.dumps(config)}"
        )
        if "result" in made:
            made["result"] = "canary-" + made["result"]
        answer.result.msgpack = values.write(made)

    def _note(self, type_name, written):
        with self.lock, open(self.folder / "written", "a", encoding="utf-8") as file:
            file.writelines(
                json.dumps([type_name, path, value], default=str) + "\n"
                for path, value in written
            )

    def __getattr__(self, name):
        # What nobody has to do anything for: an empty answer.
        return lambda _request, _answer: None


def _at(value, path):
    """What stands at a path, in every block on the way."""
    for step in path.split("."):
        if isinstance(value, list):
            value = [item.get(step) for item in value if isinstance(item, dict)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _handler(double, call):
    takes, gives = (MESSAGES[name] for name in CALLS[call])
    words = "".join(
        f"_{letter.lower()}" if letter.isupper() else letter for letter in call
    ).strip("_")
    do = getattr(double, words)

    def answer(request, _context):
        out = gives()
        return do(request, out) or out

    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=takes.FromString,
        response_serializer=gives.SerializeToString,
    )


def main(folder):
    facts, reattach, servers = Facts(), {}, []
    for name, source in _SOURCES.items():
        double = Double(name, facts, folder)
        handlers = {call: _handler(double, call) for call in CALLS}
        server = grpc.server(
            concurrent.futures.ThreadPoolExecutor(max_workers=8),
            options=[
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_send_message_length", -1),
            ],
        )
        server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(SERVICE, handlers)]
        )
        socket = folder / f"{name}.sock"
        server.add_insecure_port(f"unix:{socket}")
        server.start()
        servers.append(server)
        reattach[source] = {
            "Protocol": "grpc",
            "ProtocolVersion": 5,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "unix", "String": str(socket)},
        }
    part = folder / "reattach.part"
    part.write_text(json.dumps(reattach), encoding="utf-8")
    part.rename(folder / "reattach")
    for server in servers:
        server.wait_for_termination()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
