"""Bad modules, each of which must be refused, and for its own reason: by Terraform, or by what `judge.py` asks of it."""

import questions
from terraform import Refused

_HEAD = """\
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
  }
}

provider "azurerm" {
  features {}
}

provider "google" {
  project = "shop"
}

variable "token" {
  type      = string
  ephemeral = true
  sensitive = true
}

resource "azurerm_resource_group" "shop" {
  name     = "shop"
  location = "westeurope"
}
"""
_VAULT = """
resource "azurerm_key_vault" "shop" {
  name                       = "shop"
  location                   = azurerm_resource_group.shop.location
  resource_group_name        = azurerm_resource_group.shop.name
  tenant_id                  = "5a1e0000-0000-4000-8000-000000000002"
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  soft_delete_retention_days = 7

  network_acls {
    bypass         = "None"
    default_action = "Deny"
  }
}

resource "azurerm_key_vault_secret" "token" {
  name             = "token"
  key_vault_id     = azurerm_key_vault.shop.id
  value_wo         = var.token
  value_wo_version = 1
}
"""
_GOOD = _HEAD + _VAULT
_FIREWALL = """
resource "google_compute_firewall" "shop" {
  name           = "shop"
  network        = "shop"
  enable_logging = true
}
"""
_SUBNET = """
resource "azurerm_subnet" "shop" {
  name                 = "shop"
  resource_group_name  = azurerm_resource_group.shop.name
  virtual_network_name = "shop"
  address_prefixes     = ["10.0.0.0/24"]

  delegation {
    name = "a"
  }
}
"""
_RING = """
resource "azurerm_resource_group" "a" {
  name     = azurerm_resource_group.b.name
  location = "westeurope"
}

resource "azurerm_resource_group" "b" {
  name     = azurerm_resource_group.a.name
  location = "westeurope"
}
"""


def _with(old, new):
    assert old in _GOOD, old
    return _GOOD.replace(old, new, 1)


_RETENTION = "soft_delete_retention_days = 7"
_ACLS = (
    '  network_acls {\n    bypass         = "None"\n    default_action = "Deny"\n  }\n'
)

# What `validate` must say of each.
_INVALID = {
    "unknown attribute": (
        _with("sku_name ", "colour = 1\n  sku_name "),
        "Unsupported argument",
    ),
    "read-only argument": (
        _with("sku_name ", 'vault_uri = "x"\n  sku_name '),
        "vault_uri is decided by the service",
    ),
    "missing argument": (
        _with('  sku_name                   = "standard"\n', ""),
        "Missing required argument",
    ),
    "block as an argument": (
        _with("network_acls {", "network_acls = {"),
        'Did you mean to define a block of type "network_acls"',
    ),
    "argument as a block": (
        _with(_RETENTION, 'tags {\n    a = "b"\n  }'),
        'Did you mean to define argument "tags"',
    ),
    "wrong type": (
        _with(_RETENTION, 'soft_delete_retention_days = "many"'),
        "a number is required",
    ),
    "list for text": (_with('"standard"', '["standard"]'), "string required"),
    "too many blocks": (_with(_ACLS, _ACLS + _ACLS), "Too many network_acls blocks"),
    "missing block": (_GOOD + _SUBNET, "Insufficient service_delegation blocks"),
    "unknown resource": (
        _with("azurerm_key_vault.shop.id", "azurerm_key_vault.other.id"),
        "Reference to undeclared resource",
    ),
    "unknown output": (
        _with("azurerm_key_vault.shop.id", "azurerm_key_vault.shop.colour"),
        "Unsupported attribute",
    ),
    "unknown resource type": (
        _GOOD + '\nresource "azurerm_unheard_of" "a" {}\n',
        "Invalid resource type",
    ),
    "unknown thing to wait for": (
        _with(_RETENTION, "depends_on = [azurerm_subnet.a]"),
        "Reference to undeclared resource",
    ),
    "unknown thing to ignore": (
        _with(_RETENTION, "lifecycle {\n    ignore_changes = [colour]\n  }"),
        "Unsupported attribute",
    ),
    "ring": (_GOOD + _RING, "Cycle"),
    "deprecated argument": (_GOOD + _FIREWALL, "deprecated"),
    "secret at an argument that is kept": (
        _with('"standard"', "var.token"),
        "Invalid use of ephemeral value",
    ),
}
# What `plan` must say of each.
_IMPOSSIBLE = {
    "import of what is not there": (
        _GOOD
        + '\nimport {\n  to = azurerm_resource_group.shop\n  id = "/subscriptions/none"\n}\n',
        "there is no azurerm_resource_group",
    ),
    "import to what is not declared": (
        _GOOD
        + '\nimport {\n  to = azurerm_subnet.a\n  id = "/subscriptions/none"\n}\n',
        "does not exist",
    ),
}


def judge(run):
    """Plants each, and says which were taken."""

    def at(name, text):
        path = run.folder / "planted" / name.replace(" ", "-")
        (path / "module").mkdir(parents=True)
        (path / "module/main.tf").write_text(text, encoding="utf-8")
        return run.at(
            f"planted/{path.name}/run",
            path / "module",
            {"token": questions.CANARY + "token"},
        )

    good = at("good", _GOOD)
    run.complain(f"the good module: {word}" for word in good.validate())
    for name, (text, reason) in _INVALID.items():
        said = " ".join(" ".join(at(name, text).validate()).split())
        run.complain(
            []
            if reason in said
            else [f"planted: {name}: it was not said that {reason}, but: {said}"]
        )
    for name, (text, reason) in _IMPOSSIBLE.items():
        run.complain(_unless(reason, name, at(name, text).plan))
    _own_checks(run, good, at)


def _unless(reason, name, attempt):
    try:
        attempt()
    except Refused as why:
        said = " ".join(str(why).replace("│", " ").split())
        return [] if reason in said else [f"planted: {name}: {said}"]
    return [f"planted: {name}: it was taken"]


def _own_checks(run, good, at):
    """The harness's own questions, each shown to get another answer from something bad."""
    _, fmt = good.run(
        "fmt",
        "-check",
        "-diff",
        str(at("spaces", _GOOD.replace("  name ", "  name  ")).path),
        fine=(0, 3),
    )
    missed = [] if fmt else ["bad spacing"]
    # A module that is as it should be changes nothing, keeps nothing; destroying its vault is not refused, as nothing says so.
    good.plan()
    good.apply()
    if questions.left(good) or questions.kept_secrets(good.path / "terraform.tfstate"):
        run.complain(["the good module is not left alone, or keeps its secret"])
    if "azurerm_key_vault.shop" in questions.refused(good):
        missed.append("a vault that may be destroyed")
    kept = at(
        "kept",
        _with("  ephemeral = true\n", "").replace(
            "value_wo_version = 1", "content_type = var.token\n  value_wo_version = 1"
        ),
    )
    kept.plan()
    if not questions.kept_secrets(kept.path / "plan"):
        missed.append("a secret in a plan")
    kept.apply()
    if not questions.kept_secrets(kept.path / "terraform.tfstate"):
        missed.append("a secret in a state")
    restless = at(
        "restless",
        _with(
            'location = "westeurope"',
            'location = "westeurope"\n  tags     = { at = timestamp() }',
        ),
    )
    restless.plan()
    restless.apply()
    if not questions.left(restless):
        missed.append("a module that changes at every plan")
    # Waiting too little, too much, and for half of a resource.
    expected = {
        "a": {"carriers": ["x.a", "x.part"], "waits": [], "keeps": False},
        "b": {"carriers": ["x.b"], "waits": ["a"], "keeps": False},
    }
    whole = {
        "x.a": (set(), {}),
        "x.part": ({"x.a"}, {}),
        "x.b": ({"x.a", "x.part"}, {}),
    }
    if list(questions.order(whole, "", expected)):
        run.complain(["an order as it should be is complained about"])
    for waits, what in (
        ({"x.a"}, "half of a resource"),
        (set(), "nothing"),
        ({"x.a", "x.part", "x.c"}, "too much"),
    ):
        if not list(questions.order(whole | {"x.b": (waits, {})}, "", expected)):
            missed.append(f"a resource that waits for {what}")
    run.complain(f"planted: nothing was said about {what}" for what in missed)
