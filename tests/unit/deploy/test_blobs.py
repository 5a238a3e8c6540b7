"""Files in S3: who gets keys or a role, and which way out is open to whom."""

from __future__ import annotations

from typing import Any

import pytest

from shared.blobs import BlobSettings
from tests.unit.deploy.told import SETTINGS, by_chart, of_kind

KEEPERS = {name for name, kind in SETTINGS.items() if issubclass(kind, BlobSettings)}
IN_S3 = "blobs.url=s3://bucket/desk"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]
INTERNET = [{"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}]


def ways_out(process: str, *settings: str) -> list[dict[str, Any]]:
    """The rules of a process beyond those for DNS, Postgres and Kafka, which all have."""
    rules: list[dict[str, Any]] = of_kind("NetworkPolicy", *settings)[process]["spec"]["egress"]
    return rules[3:]


def in_namespace(name: str) -> list[dict[str, Any]]:
    return [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}]


def out_to(port: int, to: Any = None) -> dict[str, Any]:
    return {"ports": [{"port": port}]} | ({"to": to} if to else {})


@pytest.mark.parametrize("process", [*SETTINGS, "migrate"])
def test_the_keys_of_s3_are_references_that_only_keepers_of_files_get(process: str) -> None:
    told = by_chart(process, IN_S3, "blobs.keysInSecret=true", "blobs.region=eu-central-1")
    keeps = process in KEEPERS
    assert [told.get(key) for key in KEYS] == [f"secret:{key}" if keeps else None for key in KEYS]
    assert told.get("AWS_REGION") == ("eu-central-1" if keeps else None)


@pytest.mark.parametrize("settings", [(), (IN_S3,), ("blobs.keysInSecret=true",)], ids=str)
def test_without_files_in_s3_or_with_a_role_nobody_is_told_keys(settings: tuple[str, ...]) -> None:
    for process in SETTINGS:
        assert not [name for name in by_chart(process, *settings) if name.startswith("AWS_")]


def test_only_keepers_of_files_run_as_the_account_that_has_the_role() -> None:
    for kind in ("Deployment", "Job"):
        for name, each in of_kind(kind, IN_S3, "blobs.serviceAccountName=desk-files").items():
            account = each["spec"]["template"]["spec"].get("serviceAccountName")
            assert account == ("desk-files" if name in KEEPERS else None), name


def test_files_on_a_volume_open_no_way_out() -> None:
    assert ways_out("documents") == []
    assert ways_out("gateway") == [out_to(443, INTERNET)]


def test_s3_at_amazon_is_on_the_internet_and_no_neighbour() -> None:
    assert ways_out("documents", IN_S3) == [out_to(443, INTERNET)]
    assert ways_out("projector", IN_S3) == ways_out("invoicing", IN_S3) == []


@pytest.mark.parametrize(
    ("endpoint", "way"),
    [
        ("http://minio.storage.svc:9000", out_to(9000, in_namespace("storage"))),
        ("https://minio.storage.svc.cluster.local", out_to(443, in_namespace("storage"))),
        ("http://minio:9000", out_to(9000, [{"podSelector": {}}])),
        ("http://192.168.7.5", out_to(80, [{"ipBlock": {"cidr": "192.168.7.5/32"}}])),
        ("https://[fd00::5]:9000", out_to(9000, [{"ipBlock": {"cidr": "fd00::5/128"}}])),
        ("https://s3.example.org:8443", out_to(8443)),
        ("https://s3.example.org", out_to(443)),
    ],
    ids=str,
)
def test_another_s3_is_reached_at_its_port_and_where_its_address_says(
    endpoint: str, way: dict[str, Any]
) -> None:
    settings = (IN_S3, f"blobs.s3Endpoint={endpoint}")
    assert ways_out("documents", *settings) == [way]
    assert ways_out("gateway", *settings) == [out_to(443, INTERNET), way]
    for process in SETTINGS.keys() - KEEPERS:
        assert way not in ways_out(process, *settings)


def test_who_knows_the_way_to_s3_better_says_it() -> None:
    told = ("networkPolicies.blobs.ports={9000}", "networkPolicies.blobs.to[0].ipBlock.cidr=10.9.0.0/16")
    way = out_to(9000, [{"ipBlock": {"cidr": "10.9.0.0/16"}}])
    assert ways_out("documents", IN_S3, "blobs.s3Endpoint=https://minio.storage.svc", *told) == [way]
