"""The table of rights is what the services need, and no more than their place in the house."""

import pytest

from cli.schema import compose, describe
from shared.contracts.access import SERVICES, partner_rights, partner_user, service_rights
from shared.contracts.topics import TOPICS

NAMES = {topic.name for topic in TOPICS}


def told(service: str, action: str) -> set[str]:
    """The topics of a service's AsyncAPI document, which comes from its subscriptions and contracts."""
    operations = describe(compose(service))["operations"]
    return {name.rpartition(" on ")[2] for name in operations if name.startswith(action)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_hear_what_it_subscribes_to_and_say_what_it_says(service: str) -> None:
    access = SERVICES[service]
    heard, said = told(service, "receive"), told(service, "send")
    assert {topic for topic in heard | said if topic.startswith("partner.")} <= (
        {"partner.{name}.payments", "partner.{name}.receipts"} if access.serves_partners else set()
    )
    assert heard & NAMES <= set(access.hears)
    assert said & NAMES <= set(access.says)


@pytest.mark.parametrize("service", SERVICES)
def test_only_its_owner_speaks_on_a_topic_and_hears_commands(service: str) -> None:
    access = SERVICES[service]
    assert set(access.hears) | set(access.says) <= NAMES
    for topic in access.says:
        owner, _, kind = topic.partition(".")
        assert owner == service or kind in ("commands", "bulk"), topic
    for topic in access.hears:
        owner, _, kind = topic.partition(".")
        # The projector is the part of the gateway that hears.
        own = owner == service or (owner, service) == ("gateway", "projector")
        assert own or kind not in ("commands", "bulk"), topic


def test_money_is_ordered_by_the_gateway_and_by_payments_own_command_line_alone() -> None:
    assert {name for name, each in SERVICES.items() if "payments.commands" in each.says} == {
        "gateway",
        "payments",
    }


def test_only_payments_reaches_partners() -> None:
    reaching = {
        service
        for service in SERVICES
        for right in service_rights(service)
        if right.name.startswith("partner.") and right.operation != "describe"
    }
    assert reaching == {"payments"}


def test_who_audits_sees_how_far_the_others_are_and_reads_nothing_more() -> None:
    rights = service_rights("projector")
    seen = {right.name for right in rights if right.resource == "topic" and not right.prefixed}
    assert {topic for each in SERVICES.values() for topic in each.hears} <= seen
    heard = set(SERVICES["projector"].hears)
    assert {right.operation for right in rights if right.resource == "topic" and right.name not in heard} == {
        "describe"
    }
    groups = {right.name: right.operation for right in rights if right.resource == "group"}
    assert groups.pop("projector.") == "read"
    assert set(groups.values()) == {"describe"}


def test_a_partner_reaches_nothing_of_one_whose_name_begins_like_its_own() -> None:
    others = {right.name for right in partner_rights("ab")} | {"partner.ab.group", partner_user("ab")}
    for right in partner_rights("a"):
        for other in others:
            assert not (other.startswith(right.name) if right.prefixed else other == right.name)


def test_no_partner_can_be_taken_for_a_service() -> None:
    assert not {partner_user(service) for service in SERVICES} & set(SERVICES)
