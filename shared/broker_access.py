"""Users and their rights on the broker, as far as it keeps any and we may; what partners' topics are told.

Through librdkafka, because aiokafka's admin client knows no users and sets no single setting; needs the extra
`admin`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from shared.contracts.access import Right
from shared.contracts.partner import PARTNER_TOPICS
from shared.kafka import Kafka
from shared.topics import LOG_APPEND_TIME, TIMESTAMP_TYPE

SECONDS = 15
ITERATIONS = 4096  # the least that Kafka takes: our passwords are long and random
ITERATIONS_OF_REMOVED = ITERATIONS + 1  # by which a user that was removed is known

_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
}
_OPERATIONS = {
    "read": AclOperation.READ,
    "write": AclOperation.WRITE,
    "create": AclOperation.CREATE,
    "describe": AclOperation.DESCRIBE,
}
T = TypeVar("T")


class NotProtected(RuntimeError):
    """The broker has no authorizer: whoever reaches it may do everything."""


class NotAllowed(RuntimeError):
    """The broker does not let this user change users and rights."""


class BrokerAccess:
    """An administrator's hand on users, rights and partners' topics; raises NotProtected and NotAllowed."""

    def __init__(self, kafka: Kafka) -> None:
        self._admin = AdminClient({**kafka.librdkafka(), "client.id": "ispbills", "log_level": 2})

    def has_user(self, user: str) -> bool:
        """Whether the user has credentials that somebody knows."""
        try:
            answers: Any = self._admin.describe_user_scram_credentials([user])
            known = _result(answers[user])
        except KafkaException as error:
            if error.args[0].code() == KafkaError.RESOURCE_NOT_FOUND:
                return False
            raise
        return any(each.iterations != ITERATIONS_OF_REMOVED for each in known.scram_credential_infos)

    def set_passwords(self, passwords: Mapping[str, str], iterations: int = ITERATIONS) -> None:
        """Make each user or change its password."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, iterations)
        changes: list[Any] = [
            UserScramCredentialUpsertion(user, info, password.encode())
            for user, password in passwords.items()
        ]
        _all_results(self._admin.alter_user_scram_credentials(changes))

    def remove_user(self, user: str) -> None:
        """Take the rights away first: they end at once, also on connections that are open.

        The credential is not deleted but replaced by one of a password that nobody knows: a broker (of 4.0 to
        4.2, at least) that reads a deletion back as it starts, from before its first snapshot, may forget the
        credentials of all users over it, the services' among them.
        """
        self.set_rights(user, frozenset())
        if self.has_user(user):
            self.set_passwords({user: secrets.token_urlsafe(24)}, ITERATIONS_OF_REMOVED)

    def set_rights(self, user: str, rights: Iterable[Right]) -> bool:
        """Let the user do exactly this; False when it could already."""
        wanted = {_binding(user, right) for right in rights}
        known = set(_result(self._admin.describe_acls(_everything_of(user), request_timeout=SECONDS)))
        missing, surplus = wanted - known, known - wanted
        if missing:
            _all_results(self._admin.create_acls(list(missing), request_timeout=SECONDS))
        if surplus:
            filters = [_exactly(binding) for binding in surplus]
            _all_results(self._admin.delete_acls(filters, request_timeout=SECONDS))
        return bool(missing or surplus)

    def stamp_partners_records(self) -> list[str]:
        """Have the broker stamp the records of partners' topics that are not set to it yet; their names."""
        topics = self._admin.list_topics(timeout=SECONDS).topics
        there = [
            ConfigResource(ResourceType.TOPIC, name) for name in topics if re.match(PARTNER_TOPICS, name)
        ]
        described = self._admin.describe_configs(there, request_timeout=SECONDS) if there else {}
        told = ConfigEntry(TIMESTAMP_TYPE, LOG_APPEND_TIME, incremental_operation=AlterConfigOpType.SET)
        changes = [
            ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=[told])
            for topic, configs in described.items()
            if _result(configs)[TIMESTAMP_TYPE].value != LOG_APPEND_TIME
        ]
        if changes:
            _all_results(self._admin.incremental_alter_configs(changes, request_timeout=SECONDS))
        return [change.name for change in changes]


def _binding(user: str, right: Right) -> AclBinding:
    pattern = ResourcePatternType.PREFIXED if right.prefixed else ResourcePatternType.LITERAL
    return AclBinding(
        _RESOURCES[right.resource],
        right.name,
        pattern,
        f"User:{user}",
        "*",
        _OPERATIONS[right.operation],
        AclPermissionType.ALLOW,
    )


def _everything_of(user: str) -> AclBindingFilter:
    whatever: Any = None
    return AclBindingFilter(
        ResourceType.ANY,
        whatever,
        ResourcePatternType.ANY,
        f"User:{user}",
        whatever,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )


def _exactly(binding: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )


def _all_results(futures: Mapping[Any, Future[Any]]) -> None:
    for future in futures.values():
        _result(future)


def _result(future: Future[T]) -> T:
    try:
        return future.result(timeout=SECONDS)
    except KafkaException as error:
        code = error.args[0].code()
        if code == KafkaError.SECURITY_DISABLED:
            raise NotProtected from error
        if code in {KafkaError.CLUSTER_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED}:
            raise NotAllowed from error
        raise
