"""The messages of Terraform's plugin protocol, version 5, as far as the doubles use them.

Fields by name, type and number, as the protocol's description gives them
(https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol). On the wire a message has no name, so that one
stands for all that are alike.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICE = "tfplugin5.Provider"

# A star marks a field that repeats, two stars a map whose keys are text.
_MESSAGES = {
    "Empty": "",
    "DynamicValue": "msgpack:bytes=1 json:bytes=2",
    "Step": "attribute_name:string=1",
    "AttributePath": "steps:*Step=1",
    "Diagnostic": "severity:int32=1 summary:string=2 detail:string=3 attribute:AttributePath=4",
    "RawState": "json:bytes=1",
    "Attribute": "name:string=1 type:bytes=2 required:bool=4 optional:bool=5 computed:bool=6 sensitive:bool=7 "
    "deprecated:bool=9 write_only:bool=10",
    "Block": "attributes:*Attribute=2 block_types:*NestedBlock=3",
    "NestedBlock": "type_name:string=1 block:Block=2 nesting:int32=3 min_items:int64=4 max_items:int64=5",
    "Schema": "version:int64=1 block:Block=2",
    "SchemaResponse": "provider:Schema=1 resource_schemas:**Schema=2 ephemeral_resource_schemas:**Schema=8",
    "PrepareRequest": "config:DynamicValue=1",
    "PrepareResponse": "prepared_config:DynamicValue=1 diagnostics:*Diagnostic=2",
    "TypeRequest": "type_name:string=1 config:DynamicValue=2",
    "DiagnosticsResponse": "diagnostics:*Diagnostic=1",
    "UpgradeRequest": "type_name:string=1 version:int64=2 raw_state:RawState=3",
    "UpgradeResponse": "upgraded_state:DynamicValue=1 diagnostics:*Diagnostic=2",
    "ReadRequest": "type_name:string=1 current_state:DynamicValue=2 private:bytes=3",
    "ReadResponse": "new_state:DynamicValue=1 diagnostics:*Diagnostic=2 private:bytes=3",
    "PlanRequest": "type_name:string=1 prior_state:DynamicValue=2 proposed_new_state:DynamicValue=3 config:DynamicValue=4 "
    "prior_private:bytes=5",
    "PlanResponse": "planned_state:DynamicValue=1 requires_replace:*AttributePath=2 planned_private:bytes=3 "
    "diagnostics:*Diagnostic=4",
    "ApplyRequest": "type_name:string=1 prior_state:DynamicValue=2 planned_state:DynamicValue=3 config:DynamicValue=4 "
    "planned_private:bytes=5",
    "ApplyResponse": "new_state:DynamicValue=1 private:bytes=2 diagnostics:*Diagnostic=3",
    "ImportRequest": "type_name:string=1 id:string=2",
    "ImportedResource": "type_name:string=1 state:DynamicValue=2 private:bytes=3",
    "ImportResponse": "imported_resources:*ImportedResource=1 diagnostics:*Diagnostic=2",
    "OpenResponse": "diagnostics:*Diagnostic=1 result:DynamicValue=3",
}

# Each call with the messages that it takes and gives.
CALLS = {
    "GetSchema": ("Empty", "SchemaResponse"),
    "PrepareProviderConfig": ("PrepareRequest", "PrepareResponse"),
    "ValidateResourceTypeConfig": ("TypeRequest", "DiagnosticsResponse"),
    "UpgradeResourceState": ("UpgradeRequest", "UpgradeResponse"),
    "Configure": ("Empty", "DiagnosticsResponse"),
    "ReadResource": ("ReadRequest", "ReadResponse"),
    "PlanResourceChange": ("PlanRequest", "PlanResponse"),
    "ApplyResourceChange": ("ApplyRequest", "ApplyResponse"),
    "ImportResourceState": ("ImportRequest", "ImportResponse"),
    "ValidateEphemeralResourceConfig": ("TypeRequest", "DiagnosticsResponse"),
    "OpenEphemeralResource": ("TypeRequest", "OpenResponse"),
    "CloseEphemeralResource": ("Empty", "DiagnosticsResponse"),
    "Stop": ("Empty", "Empty"),
}


def _messages():
    kinds = descriptor_pb2.FieldDescriptorProto
    scalars = {
        "bytes": kinds.TYPE_BYTES,
        "string": kinds.TYPE_STRING,
        "bool": kinds.TYPE_BOOL,
        "int32": kinds.TYPE_INT32,
        "int64": kinds.TYPE_INT64,
    }
    file = descriptor_pb2.FileDescriptorProto(
        name="double.proto", package="double", syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field in fields.split():
            key, rest = field.split(":")
            kind, number = rest.split("=")
            of = kind.lstrip("*")
            added = message.field.add(name=key, number=int(number))
            added.label = (
                kinds.LABEL_REPEATED if kind.startswith("*") else kinds.LABEL_OPTIONAL
            )
            if kind.startswith("**"):
                # A map is a list of entries with a key and a value.
                entry = message.nested_type.add(
                    name="".join(part.title() for part in key.split("_")) + "Entry"
                )
                entry.options.map_entry = True
                entry.field.add(
                    name="key",
                    number=1,
                    label=kinds.LABEL_OPTIONAL,
                    type=kinds.TYPE_STRING,
                )
                value = entry.field.add(
                    name="value",
                    number=2,
                    label=kinds.LABEL_OPTIONAL,
                    type=kinds.TYPE_MESSAGE,
                )
                value.type_name = f".double.{of}"
                added.type, added.type_name = (
                    kinds.TYPE_MESSAGE,
                    f".double.{name}.{entry.name}",
                )
            elif of in scalars:
                added.type = scalars[of]
            else:
                added.type, added.type_name = kinds.TYPE_MESSAGE, f".double.{of}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"double.{name}")
        )
        for name in _MESSAGES
    }


MESSAGES = _messages()
