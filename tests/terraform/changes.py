"""What Terraform does about a stack that changes: the steps that `tests/src/changing.rs` builds, one after another over one state."""

import shutil

from terraform import actions

_GUARD = "azurerm_network_security_group.guard"
_SUBNET = "azurerm_subnet.web_app"
_ASSOCIATION = "azurerm_subnet_network_security_group_association.web_app"

# For each step what Terraform must do, and from where it must move what.
_STEPS = {
    "first": (None, {}),
    "renamed": (
        {},
        {
            _GUARD: "azurerm_network_security_group.old-guard",
            _SUBNET: "azurerm_subnet.web_front",
            _ASSOCIATION: "azurerm_subnet_network_security_group_association.web_front",
        },
    ),
    # What is forgotten stays.
    "forgotten": (
        {
            "azurerm_key_vault.shop-kv": ["forget"],
            _SUBNET: ["forget"],
            _ASSOCIATION: ["forget"],
        },
        {},
    ),
    # The new one is there before the old one goes; its tags are not the stack's.
    "changed": ({"azurerm_public_ip.front": ["create", "delete"]}, {}),
}


def judge(run):
    """Runs the steps in both spellings, and says what went otherwise."""
    for spelling in ("json", "hcl"):
        folder = None
        for step, (does, moves) in _STEPS.items():
            module = run.cases / "changing" / step / spelling
            if folder is None:
                folder = run.at(f"changing/{spelling}", module)
            else:
                for file in module.iterdir():
                    shutil.copy(file, folder.path)
            run.complain(
                f"changing, {spelling}, {step}: {word}"
                for word in _step(folder, does, moves)
            )


def _step(folder, does, moves):
    said = folder.validate()
    if said:
        return said
    _, plan = folder.plan()
    found = actions(plan)
    moved = {
        change["address"]: change["previous_address"]
        for change in plan["resource_changes"]
        if "previous_address" in change
    }
    wrong = (
        []
        if does is None or found == does
        else [f"Terraform does {found}, and should {does}"]
    )
    if moved != moves:
        wrong.append(f"Terraform moves {moved}, and should {moves}")
    folder.apply()
    something, plan = folder.plan()
    if something:
        wrong.append(f"after the apply: {actions(plan)}")
    return wrong
