"""The chart: rendered, read strictly by the types of Kubernetes, and held against what the code says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.release import VERSION
from tests.tools import built, tool
from tests.unit.deploy import resources
from tests.unit.deploy.groups import groups_of
from tests.unit.deploy.told import CHART, ROOT, SETTINGS, by_chart, chart, of_kind, rendered

STRICT = Path(__file__).parent / "strict"
EVERYTHING = (
    "bootstrap.email=a@example.org",
    "ingress.enabled=true",
    "ingress.tlsSecretName=tls",
    "podMonitor.enabled=true",
    "podMonitor.labels.release=watch",
    "prometheusRule.enabled=true",
    "prometheusRule.labels.release=watch",
    "adminPod.enabled=true",
    "backup.enabled=true",
    "kafka.caConfigMap=kafka-ca",
    "postgres.caConfigMap=postgres-ca",
    "tracesEndpoint=http://collector:4318",
    "publicUrls.notifications=https://sms.example.org",
)
IN_S3 = (
    "blobs.url=s3://bucket",
    "blobs.s3Endpoint=https://minio.storage.svc:9000",
    "blobs.keysInSecret=true",
    "blobs.serviceAccountName=desk-files",
)
VARIANTS = [(), EVERYTHING, IN_S3, ("keda.enabled=false", "networkPolicies.enabled=false")]
# Groups that scale nothing, and why.
QUIET = {
    "projector.runs": "a run says how far it is four times a second at most",
    "projector.reports": "one a process each 15 seconds, on topics of one partition",
    "projector.decisions": "what people decide by hand about single records",
}


def values() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
    return found


@pytest.mark.parametrize("settings", VARIANTS, ids=["least", "everything", "in-s3", "bare"])
def test_kubernetes_knows_every_field(settings: tuple[str, ...]) -> None:
    done = subprocess.run([built(STRICT)], input=rendered(*settings), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    unchecked = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("unchecked")}
    assert {each.partition("/")[0] for each in unchecked} <= resources.DEFINED_IN.keys()


@pytest.mark.parametrize("settings", VARIANTS[:2], ids=["least", "everything"])
def test_keda_and_the_prometheus_operator_know_every_field(settings: tuple[str, ...]) -> None:
    theirs = [each for each in chart(*settings) if _group(each) in resources.DEFINED_IN]
    assert theirs
    assert {
        each["metadata"]["name"]: resources.faults(each) for each in theirs if resources.faults(each)
    } == {}


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("ScaledObject", "cooldownPeriod:", "cooldownSeconds:"),
        ("ScaledObject", "authenticationRef:", "authentication:"),
        ("TriggerAuthentication", "configMapTargetRef:", "configMapRef:"),
        ("PodMonitor", "sourceLabels: [", "source_labels: ["),
        ("PrometheusRule", "annotations:", "annotation:"),
    ],
)
def test_a_misspelt_field_is_seen(kind: str, right: str, wrong: str) -> None:
    documents = rendered(*EVERYTHING).split("\n---")
    text = next(each for each in documents if f"\nkind: {kind}\n" in each and right in each)
    said = "\n".join(resources.faults(yaml.safe_load(text.replace(right, wrong))))
    assert wrong.partition(":")[0] in said


def _group(resource: dict[str, Any]) -> str:
    return str(resource["apiVersion"]).partition("/")[0]


def test_helm_finds_nothing_to_say() -> None:
    told = ["--kube-version=1.31.0", "--strict", "-f", str(CHART / "ci-values.yaml")]
    done = subprocess.run([tool("helm"), "lint", str(CHART), *told], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_an_installation_must_say_is_asked_for() -> None:
    done = subprocess.run(
        [tool("helm"), "template", str(CHART), "--kube-version=1.31.0"], capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "kafka.bootstrapServers" in done.stderr


def test_every_process_is_a_deployment_with_a_budget_probes_and_a_policy() -> None:
    for kind in ("Deployment", "PodDisruptionBudget", "ScaledObject"):
        assert set(of_kind(kind)) == set(SETTINGS), kind
    assert set(of_kind("NetworkPolicy")) == {*SETTINGS, "migrate"}
    for name, deployment in of_kind("Deployment").items():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container), name
        assert container["resources"]["limits"]["memory"], name


@pytest.mark.parametrize("settings", VARIANTS[:2], ids=["least", "everything"])
def test_nobody_is_root_nor_writes_where_the_program_lies(settings: tuple[str, ...]) -> None:
    for each in chart(*settings):
        if each["kind"] in ("Deployment", "Job", "CronJob", "Pod"):
            job = each["spec"].get("jobTemplate", each)["spec"]
            pod = job if each["kind"] == "Pod" else job["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"]
            assert pod["automountServiceAccountToken"] is False
            for container in pod["containers"]:
                security = container["securityContext"]
                assert security["readOnlyRootFilesystem"]
                assert not security["allowPrivilegeEscalation"]
                assert security["capabilities"] == {"drop": ["ALL"]}


def test_no_secret_stands_in_the_chart() -> None:
    assert not [each for each in chart(*EVERYTHING) if each["kind"] == "Secret"]


def test_migrations_end_before_anything_else_begins() -> None:
    job = of_kind("Job")["migrate"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    policy = of_kind("NetworkPolicy")["migrate"]["metadata"]["annotations"]
    assert int(policy["helm.sh/hook-weight"]) < 0
    told = by_chart("migrate")
    for process in SETTINGS:
        assert told[f"{process.upper()}_DATABASE_URL"] == f"secret:{process.upper()}_DATABASE_URL"
        assert told[f"{process.upper()}_KAFKA_PASSWORD"] == f"secret:{process.upper()}_KAFKA_PASSWORD"


def test_the_owners_address_of_a_service_apart_may_be_told_and_only_the_migration_is() -> None:
    for name, told in {**of_kind("Deployment"), **of_kind("Job")}.items():
        (container,) = told["spec"]["template"]["spec"]["containers"]
        owners = [each for each in container["env"] if "_OWNER_DATABASE_URL" in each["name"]]
        assert len(owners) == (5 if name == "migrate" else 0), name
        assert all(each["valueFrom"]["secretKeyRef"]["optional"] for each in owners)


def test_the_alerts_of_the_chart_are_those_that_are_tested() -> None:
    tested = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text())
    assert of_kind("PrometheusRule", *EVERYTHING)["ispbills"]["spec"] == tested
    assert not {"PrometheusRule", "PodMonitor"} & {each["kind"] for each in chart()}
    for kind in ("PrometheusRule", "PodMonitor"):
        assert of_kind(kind, *EVERYTHING)["ispbills"]["metadata"]["labels"] == {"release": "watch"}


def test_who_works_at_the_command_line_is_told_what_a_migration_is_told() -> None:
    """`partners add` reaches the broker as its administrator, payments, and the gateway's log of activity."""
    (migrate,) = of_kind("Job", *EVERYTHING)["migrate"]["spec"]["template"]["spec"]["containers"]
    pod = of_kind("Pod", *EVERYTHING)["admin"]
    (container,) = pod["spec"]["containers"]
    assert container["env"] == migrate["env"]
    assert container["image"] == migrate["image"]
    told = by_chart("migrate")
    assert told["KAFKA_USERNAME"] == "kafka"
    assert {"KAFKA_PASSWORD", "PAYMENTS_DATABASE_URL", "GATEWAY_DATABASE_URL"} <= told.keys()
    let_out = of_kind("NetworkPolicy")["migrate"]["spec"]["podSelector"]["matchLabels"]
    assert pod["metadata"]["labels"] == let_out
    assert not of_kind("Pod")


def test_backups_are_made_as_a_migration_works_on_a_volume_that_the_admins_pod_has_too() -> None:
    (migrate,) = of_kind("Job", *EVERYTHING)["migrate"]["spec"]["template"]["spec"]["containers"]
    template = of_kind("CronJob", *EVERYTHING)["backup"]["spec"]["jobTemplate"]["spec"]["template"]
    (container,) = template["spec"]["containers"]
    for told in ("env", "image"):
        assert container[told] == migrate[told]
    assert container["args"] == ["backup", "--to", "/backups", "--keep-days", "14"]
    let_out = of_kind("NetworkPolicy")["migrate"]["spec"]["podSelector"]["matchLabels"]
    assert template["metadata"]["labels"] == let_out
    admin = of_kind("Pod", *EVERYTHING)["admin"]["spec"]
    volume = {"name": "backups", "persistentVolumeClaim": {"claimName": "ispbills-backups"}}
    for pod in (template["spec"], admin):
        assert volume in pod["volumes"]
        assert {"name": "backups", "mountPath": "/backups"} in pod["containers"][0]["volumeMounts"]
    # Before an installation there is no volume yet: the migration would wait for it for ever.
    assert not [each for each in migrate["volumeMounts"] if each["name"] == "backups"]
    assert "backups" in of_kind("PersistentVolumeClaim", *EVERYTHING)
    own = (*EVERYTHING, "backup.volume.claimName=nightly")
    assert "backups" not in of_kind("PersistentVolumeClaim", *own)
    volume["persistentVolumeClaim"] = {"claimName": "nightly"}
    assert volume in of_kind("Pod", *own)["admin"]["spec"]["volumes"]
    assert not of_kind("CronJob")


def test_lag_is_that_of_groups_and_topics_that_there_are() -> None:
    for process, told in values()["processes"].items():
        for group, topic in told["scale"].get("groups", {}).items():
            topics = groups_of(process)[group]
            assert topic == (topics[0] if len(topics) == 1 else ""), (group, topics)
        assert told["scale"].get("lags", {}).keys() <= told["scale"].get("groups", {}).keys()


@pytest.mark.parametrize("process", SETTINGS)
def test_every_group_scales_its_process_or_has_a_reason_not_to(process: str) -> None:
    counted = values()["processes"][process]["scale"].get("groups", {}).keys()
    quiet = {group for group in QUIET if group.startswith(f"{process}.")}
    assert not counted & quiet
    assert counted | quiet == groups_of(process).keys()


def test_a_group_of_many_topics_counts_none_that_it_does_not_read() -> None:
    """Without a commit KEDA takes every topic that may be seen for the group's, from its first record."""
    for name, each in of_kind("ScaledObject").items():
        for trigger in each["spec"]["triggers"]:
            if trigger["type"] == "kafka":
                told = trigger["metadata"]
                many = len(groups_of(name)[told["consumerGroup"]]) != 1
                assert ("topic" not in told) is many, told
                assert (told.get("scaleToZeroOnInvalidOffset") == "true") is many, told


def test_a_group_that_reads_sets_is_far_behind_after_fewer_records() -> None:
    for name in ("payments", "projector"):
        triggers = {
            trigger["metadata"]["consumerGroup"]: trigger["metadata"]
            for trigger in of_kind("ScaledObject")[name]["spec"]["triggers"]
        }
        scale = values()["processes"][name]["scale"]
        for group, told in triggers.items():
            assert told["lagThreshold"] == str(scale["lags"].get(group, scale["lag"])), group
        assert int(triggers[f"{name}.invoices"]["lagThreshold"]) < scale["lag"]


def test_nobody_is_scaled_to_nothing_or_past_the_partitions() -> None:
    for name, each in of_kind("ScaledObject").items():
        spec = each["spec"]
        assert spec["minReplicaCount"] >= 1, name
        assert spec["maxReplicaCount"] <= 12, name
        assert spec["scaleTargetRef"]["name"] == f"ispbills-{name}"
        assert spec["triggers"], name
        for trigger in spec["triggers"]:
            if trigger["type"] == "kafka":
                assert all(
                    isinstance(value, str) for value in trigger["metadata"].values() if value is not None
                )
                assert trigger["metadata"]["sasl"] == "scram_sha512"
                assert trigger["metadata"]["tls"] == "enable"
                assert trigger["authenticationRef"]["name"] in {
                    f"ispbills-{other}" for other in of_kind("TriggerAuthentication")
                }


def test_a_chart_without_sasl_names_no_user() -> None:
    told = by_chart("payments", "kafka.securityProtocol=SSL")
    assert "KAFKA_USERNAME" not in told
    assert "KAFKA_PASSWORD" not in told


def test_the_chart_bears_the_version_of_what_it_deploys() -> None:
    told = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert told["appVersion"] == told["version"] == VERSION


@pytest.mark.parametrize("process", SETTINGS)
def test_behind_a_pooler_a_process_knows_the_way_past_it(process: str) -> None:
    variable = f"{process.upper()}_DATABASE_DIRECT_URL"
    assert variable not in by_chart(process)
    assert by_chart(process, "postgres.pooled=true")[variable] == f"secret:{variable}"
    assert variable.removeprefix(f"{process.upper()}_").lower() in SETTINGS[process].model_fields
