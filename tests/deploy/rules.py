"""Our own rules for the files of compose/, as Compose has resolved them, and for the manifests.

usage: rules.py COMPOSE.yaml COOLIFY.yaml     exits 1 and names what breaks a rule
"""

import glob
import json
import sys

import yaml

faults = []


def rule(holds, text):
    if not holds:
        faults.append(text)


def is_ours(service):
    return "courtier" in str(service.get("image", "")) or "build" in service


def check_common(file, services):
    """What holds on a server and on Coolify alike."""
    rule("analytics-api" in services, f"{file}: n8n calls http://analytics-api:8000")
    one_shots = {
        name
        for service in services.values()
        for name, wanted in (service.get("depends_on") or {}).items()
        if wanted.get("condition") == "service_completed_successfully"
    }
    rule({"migrate", "broker-definitions"} <= one_shots, f"{file}: one-shots come first")
    for name, service in services.items():
        where = f"{file}: {name}"
        for wanted in service.get("depends_on") or {}:
            rule(wanted in services, f"{where} waits for {wanted}, which is not there")
        rule("container_name" not in service, f"{where} has a fixed name: it cannot be scaled")
        rule(":latest" not in str(service.get("image")), f"{where} runs whatever is newest")
        rule(not service.get("privileged"), f"{where} is privileged")
        if is_ours(service):
            rule(service.get("read_only") is True, f"{where} can write to its image")
            rule(service.get("cap_drop") == ["ALL"], f"{where} keeps capabilities")
        watched = service.get("healthcheck") or is_ours(service) or name in ("prometheus", "grafana")
        rule(watched, f"{where} is not watched")


def published(port):
    """`address:port:port`, or the same as a mapping."""
    if isinstance(port, dict):
        return port.get("host_ip", "")
    return str(port).split(":")[0] if str(port).count(":") > 1 else ""


def check_compose(services):
    for name, service in services.items():
        for port in service.get("ports") or []:
            rule(published(port) == "127.0.0.1", f"compose.yaml: {name} listens to the world: {port}")
        limits = ((service.get("deploy") or {}).get("resources") or {}).get("limits") or {}
        short = name in ("migrate", "broker-definitions", "backup", "operator")
        rule(short or "memory" in limits, f"compose.yaml: {name} may take all memory")


def check_coolify(services, raw):
    for name, service in services.items():
        rule(not service.get("ports"), f"coolify.yaml: {name} takes a port of the host")
        rule(name not in ("postgres", "redis", "db"), f"coolify.yaml: {name} is a name of Coolify's")
    operator = services["courtier-operator"]["environment"]
    rule("PUBLIC_URL" not in operator, "coolify.yaml: verify would want a password before the site")
    for name in ("migrate", "broker-definitions", "courtier-operator"):
        rule(raw[name].get("exclude_from_hc"), f"coolify.yaml: {name} would make the stack unhealthy")
    aliases = raw["analytics-api"]["networks"]["destination"]["aliases"]
    rule(aliases == ["analytics-api"], "coolify.yaml: an n8n elsewhere finds no analytics-api")
    for name, service in raw.items():
        if name != "analytics-api":
            rule("networks" not in service, f"coolify.yaml: {name} is on Coolify's network")


def check_manifests():
    objects = []
    for file in sorted(glob.glob("compose/kubernetes/*.yaml")):
        objects += [it for it in yaml.safe_load_all(open(file)) if it]
    by_kind = lambda kind: {it["metadata"]["name"]: it for it in objects if it["kind"] == kind}
    secret = by_kind("Secret")["courtier"]["stringData"]
    claims, deployments = by_kind("PersistentVolumeClaim"), by_kind("Deployment")
    listed = yaml.safe_load(open("compose/kubernetes/kustomization.yaml"))["resources"]
    files = {file.rsplit("/", 1)[1] for file in glob.glob("compose/kubernetes/*.yaml")}
    rule(
        set(listed) == files - {"kustomization.yaml", "secret.example.yaml"},
        "kustomization.yaml does not list every manifest",
    )
    for workload in [*deployments.values(), *by_kind("Job").values()]:
        name, pod = workload["metadata"]["name"], workload["spec"]["template"]["spec"]
        container = pod["containers"][0]
        rule(pod["securityContext"]["runAsNonRoot"], f"{name} runs as root")
        rule(container["securityContext"]["readOnlyRootFilesystem"], f"{name} can write to its image")
        rule("limits" in container["resources"], f"{name} has no limits")
        for variable in container.get("env", []):
            key = variable["valueFrom"]["secretKeyRef"]["key"]
            rule(key in secret, f"{name} wants {key}, which secret.example.yaml does not have")
        for volume in pod.get("volumes", []):
            claim = volume.get("persistentVolumeClaim")
            rule(not claim or claim["claimName"] in claims, f"{name}: no claim for {volume['name']}")
    lanes = [
        lane
        for deployment in deployments.values()
        for lane in lanes_of(deployment["spec"]["template"]["spec"]["containers"][0]["args"])
    ]
    known = known_lanes()
    rule(sorted(lanes) == sorted(known), f"workers serve {sorted(lanes)}, of {sorted(known)}")
    check_formula(by_kind("ScaledObject")["worker-cards"])
    for scaled in by_kind("ScaledObject").values():
        target = scaled["spec"]["scaleTargetRef"]["name"]
        rule(target in deployments, f"KEDA scales {target}, which is not there")
        served = lanes_of(deployments[target]["spec"]["template"]["spec"]["containers"][0]["args"])
        rule("replicas" not in deployments[target]["spec"], f"{target}: KEDA decides its number")
        for trigger in scaled["spec"]["triggers"]:
            queue = trigger["metadata"].get("queueName")
            rule(not queue or queue.removesuffix(".v1") in served, f"{target} does not serve {queue}")


# What waits, the calls that are left, and what the formula must make of it.
FORMULA_CASES = [
    ("nothing waits", {"cards": 0, "batch": 0, "catalogue": 0, "quota": 5000}, 0),
    ("cards wait", {"cards": 1800, "batch": 0, "catalogue": 0, "quota": 5000}, 1800),
    ("more cards than calls", {"cards": 1800, "batch": 0, "catalogue": 0, "quota": 300}, 300),
    ("no calls are left", {"cards": 1800, "batch": 0, "catalogue": 0, "quota": 0}, 0),
    ("a batch waits to be planned", {"cards": 0, "batch": 1, "catalogue": 0, "quota": 0}, 1),
    ("an import waits", {"cards": 0, "batch": 0, "catalogue": 2, "quota": 5000}, 1),
]


def check_formula(scaled):
    """KEDA's language is that of Python here, but for the choice."""
    formula = scaled["spec"]["advanced"]["scalingModifiers"]["formula"]
    condition, rest = formula.split(" ? ")
    chosen, otherwise = rest.split(" : ")
    names = {trigger["name"] for trigger in scaled["spec"]["triggers"]}
    for what, metrics, wanted in FORMULA_CASES:
        rule(set(metrics) == names, f"{scaled['metadata']['name']}: triggers are {names}")
        found = eval(f"({chosen}) if ({condition}) else ({otherwise})", {}, dict(metrics))
        rule(found == wanted, f"KEDA, when {what}: {found} in place of {wanted}")


def lanes_of(arguments):
    return arguments[2].split(",") if arguments[0] == "worker" else []


def known_lanes():
    """The lanes of the code: between the brackets of LANES."""
    code = open("services/commands/src/lane.rs").read().split("pub const LANES", 1)[1]
    code = code.split("];", 1)[0]
    return [line.split('"')[1] for line in code.splitlines() if "Lane { name:" in line]


def check_dashboard():
    dashboard = json.load(open("compose/grafana/dashboards/courtier.json"))
    ids = [panel["id"] for panel in dashboard["panels"]]
    rule(len(ids) == len(set(ids)), "the dashboard has two panels of one id")
    source = yaml.safe_load(open("compose/grafana/provisioning/datasources/prometheus.yaml"))
    uid = source["datasources"][0]["uid"]
    for panel in dashboard["panels"]:
        rule(panel["datasource"]["uid"] == uid, f"{panel['title']}: no such data source")
        rule(panel["description"], f"{panel['title']}: says nothing about itself")


compose = yaml.safe_load(open(sys.argv[1]))["services"]
coolify = yaml.safe_load(open(sys.argv[2]))["services"]
check_common("compose.yaml", compose)
check_common("coolify.yaml", coolify)
check_compose(compose)
check_coolify(coolify, yaml.safe_load(open("compose/coolify.yaml"))["services"])
check_manifests()
check_dashboard()
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
