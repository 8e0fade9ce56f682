"""Looks at a folder of manifests as a whole: what extensions of Kubernetes define, which its own schemas do not know, and what one
object says of another.

    manifests.py FOLDER
    manifests.py FILE

Of a file, each object is looked at by itself. Of a folder, defects are planted into copies, and each must be noticed.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import jsonschema
import yaml

NAME = {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"}


def shape(required: dict, **more: object) -> dict:
    """An object with just these keys."""
    return {
        "type": "object",
        "properties": {**required, **more},
        "required": list(required),
        "additionalProperties": False,
    }


def only(value: str) -> dict:
    """One word."""
    return {"const": value}


TARGET = shape({"group": only(""), "kind": only("Service"), "name": NAME})
SECONDS = {"type": "integer", "minimum": 1, "maximum": 86400}
# What extensions say of `spec`, as far as it is used here:
# https://cloud.google.com/secret-manager/docs/secret-manager-managed-csi-component,
# https://gateway-api.sigs.k8s.io/reference/spec/,
# https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources.
SPECS = {
    "secrets-store.csi.x-k8s.io/v1 SecretProviderClass": shape(
        {"provider": only("gke"), "parameters": shape({"secrets": {"type": "string"}})}
    ),
    "gateway.networking.k8s.io/v1 Gateway": shape(
        {
            "gatewayClassName": only("gke-l7-rilb"),
            "listeners": {
                "type": "array",
                "minItems": 1,
                "items": shape(
                    {
                        "name": NAME,
                        "protocol": only("HTTPS"),
                        "port": only(443),
                        "hostname": {"type": "string"},
                        "tls": shape(
                            {
                                "mode": only("Terminate"),
                                "options": shape(
                                    {"networking.gke.io/pre-shared-certs": NAME}
                                ),
                            }
                        ),
                    }
                ),
            },
        }
    ),
    "gateway.networking.k8s.io/v1 HTTPRoute": shape(
        {
            "parentRefs": {"type": "array", "items": shape({"name": NAME})},
            "hostnames": {"type": "array", "items": {"type": "string"}},
            "rules": {
                "type": "array",
                "items": shape(
                    {
                        "backendRefs": {
                            "type": "array",
                            "items": shape({"name": NAME, "port": {"type": "integer"}}),
                        }
                    }
                ),
            },
        }
    ),
    "networking.gke.io/v1 HealthCheckPolicy": shape(
        {
            "default": shape(
                {
                    "config": shape(
                        {
                            "type": only("HTTP"),
                            "httpHealthCheck": shape(
                                {"requestPath": {"type": "string", "pattern": "^/"}}
                            ),
                        }
                    )
                }
            ),
            "targetRef": TARGET,
        }
    ),
    "networking.gke.io/v1 GCPBackendPolicy": shape(
        {
            "default": shape(
                {
                    "timeoutSec": SECONDS,
                    "connectionDraining": shape({"drainingTimeoutSec": SECONDS}),
                }
            ),
            "targetRef": TARGET,
        }
    ),
}


def objects(path: Path) -> list[dict]:
    """The objects of a file."""
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def alone(one: dict) -> list[str]:
    """What is wrong with an object, whatever else there is."""
    kind, name = one.get("kind"), one.get("metadata", {}).get("name")
    if kind == "Secret":
        return [f"the secret {name} keeps its value in the cluster"]
    spec = SPECS.get(f"{one.get('apiVersion')} {kind}")
    if spec is None:
        return []
    judge = jsonschema.Draft202012Validator(spec)
    errors = judge.iter_errors(one.get("spec"))
    return [f"{kind} {name}: {error.json_path} {error.message}" for error in errors]


def together(folder: Path) -> list[str]:
    """What is wrong with all of them as a whole."""
    problems, found = [], []
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = {path.name for path in part.glob("*.yaml")}
        listed = objects(part / "kustomization.yaml")[0]["resources"]
        if (
            set(listed) != files - {"kustomization.yaml"}
            or len(listed) != len(files) - 1
        ):
            problems.append(f"{part.name} lists {listed}, and has {sorted(files)}")
        for name in listed:
            found.extend(objects(part / name))
    for one in found:
        problems.extend(alone(one))
    spaces = {
        one["metadata"].get("namespace") for one in found if one["kind"] != "Namespace"
    }
    made = {one["metadata"]["name"] for one in found if one["kind"] == "Namespace"}
    if spaces != made:
        problems.append(f"objects are in {spaces}, and {made} is made")
    there = {(one["kind"], one["metadata"]["name"]): one for one in found}

    def needs(kind: str, name: str, who: str) -> dict:
        if (kind, name) not in there:
            problems.append(f"{who} needs the {kind} {name}, which is not there")
        return there.get((kind, name), {})

    for (kind, name), one in there.items():
        who, spec = f"{kind} {name}", one.get("spec", {})
        if kind in ("Deployment", "Job"):
            pod(spec["template"]["spec"], who, needs, problems)
        if kind == "HorizontalPodAutoscaler":
            needs("Deployment", spec["scaleTargetRef"]["name"], who)
        if kind in ("HealthCheckPolicy", "GCPBackendPolicy"):
            needs("Service", spec["targetRef"]["name"], who)
        if kind == "HTTPRoute":
            needs("Gateway", spec["parentRefs"][0]["name"], who)
            backend = spec["rules"][0]["backendRefs"][0]
            service = needs("Service", backend["name"], who)
            ports = [port["port"] for port in service.get("spec", {}).get("ports", [])]
            if backend["port"] not in ports:
                problems.append(f"{who} calls port {backend['port']}, of {ports}")
        selector = spec.get("selector", {})
        labels = selector.get("matchLabels", selector)
        deployments = [one for (kind, _), one in there.items() if kind == "Deployment"]
        pods = [one["spec"]["template"]["metadata"]["labels"] for one in deployments]
        if labels and not any(labels.items() <= pod.items() for pod in pods):
            problems.append(f"{who} selects no pod")
    return problems


def pod(spec: dict, who: str, needs, problems: list[str]) -> None:
    """What a pod says of other objects, and of itself."""
    if "serviceAccountName" in spec:
        needs("ServiceAccount", spec["serviceAccountName"], who)
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    for container in spec["containers"]:
        held = {}
        for mount in container.get("volumeMounts", []):
            csi = volumes.get(mount["name"], {}).get("csi")
            if mount["name"] not in volumes:
                problems.append(f"{who} mounts {mount['name']}, which is no volume")
            elif csi:
                wanted = csi["volumeAttributes"]["secretProviderClass"]
                given = needs("SecretProviderClass", wanted, who)
                listed = (
                    given.get("spec", {}).get("parameters", {}).get("secrets", "[]")
                )
                for secret in yaml.safe_load(listed):
                    held[f"{mount['mountPath']}/{secret['path']}"] = secret
        for variable in container.get("env", []):
            file = variable.get("value", "").removeprefix("file:")
            if variable.get("value", "").startswith("file:") and file not in held:
                problems.append(f"{who} looks for {file}, which is not mounted")
        resources = container["resources"]
        if resources["requests"] != resources["limits"]:
            problems.append(f"{who} asks for less than it may take")
        if not container["securityContext"]["readOnlyRootFilesystem"]:
            problems.append(f"{who} writes into its image")
    if not spec["securityContext"]["runAsNonRoot"]:
        problems.append(f"{who} may be root")


# A defect in a file, and words with which it is noticed.
PLANTED = [
    (
        "serve/deployment.yaml",
        'secretProviderClass: "',
        'secretProviderClass: "no-',
        "SecretProviderClass no-",
    ),
    (
        "serve/deployment.yaml",
        'serviceAccountName: "',
        'serviceAccountName: "no-',
        "ServiceAccount no-",
    ),
    ("serve/deployment.yaml", "file:/run/", "file:/runs/", "which is not mounted"),
    ("setup/secrets.yaml", 'path: "', 'path: "no-', "which is not mounted"),
    ("setup/secrets.yaml", "provider: gke", "provider: gcp", "SecretProviderClass"),
    (
        "serve/service.yaml",
        "kubernetes.io/name",
        "kubernetes.io/nobody",
        "selects no pod",
    ),
    ("serve/gateway.yaml", "port: 80", "port: 81", "calls port 81"),
    ("serve/gateway.yaml", "gke-l7-rilb", "gke-l7-gxlb", "Gateway"),
    ("serve/gateway.yaml", "timeoutSec: ", "timeoutSeconds: ", "GCPBackendPolicy"),
    ("serve/gateway.yaml", "requestPath: ", "path: ", "HealthCheckPolicy"),
    ("serve/kustomization.yaml", "  - autoscaler.yaml\n", "", "serve lists"),
    ("verify/job.yaml", "runAsNonRoot: true", "runAsNonRoot: false", "may be root"),
    ("setup/namespace.yaml", 'name: "', 'name: "no-', "is made"),
]


def main() -> None:
    """Looks at a file, or at a folder and then at each defect."""
    path = Path(sys.argv[1])
    if path.is_file():
        problems = [problem for one in objects(path) for problem in alone(one)]
        sys.exit("; ".join(problems) or None)
    problems = together(path)
    if problems:
        sys.exit("the delivered manifests: " + "; ".join(problems))
    for file, old, new, words in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "manifests"
            shutil.copytree(path, copy)
            text = (copy / file).read_text()
            planted = text.replace(old, new)
            if planted == text:
                sys.exit(f"nothing to plant in {file}: `{old}` is not there")
            (copy / file).write_text(planted)
            noticed = together(copy)
        if not any(words in problem for problem in noticed):
            sys.exit(f"planted, and not noticed: {new} in {file}; found {noticed}")
    print(f"the manifests fit together; noticed, when planted: {len(PLANTED)} defects")


if __name__ == "__main__":
    main()
