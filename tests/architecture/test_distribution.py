"""Where one Postgres ends, rows are spread by a key: every hot statement carries it, or says here why not.

docs/scale.md says what follows. A key is carried where rows are inserted with it, and sought by it; a second
look at rows that the same statement found by their key may be by their id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import pytest

from tests.statements import statements_of

# Money belongs to a customer, what is issued and shown to an operator; a partner's ids are its own.
VIEW = {
    "bill": "operator_id",
    "bill_total": "operator_id",
    "payment": "operator_id",
    "customer": "operator_id",
}
KEYS: dict[str, dict[str, str]] = {
    "payments": {
        "account": "customer_id", "payment": "customer_id", "receivable": "customer_id",
        "allocation": "customer_id", "refund": "customer_id", "customer_known": "customer_id",
        "payment_link": "customer_id", "partner_event": "partner_name",
    },
    "invoicing": {
        "invoice": "operator_id", "customer": "operator_id", "operator_counter": "operator_id",
    },
    "gateway": VIEW,
    "projector": VIEW,
}  # fmt: skip
# What is run for every bill, payment, event or page; the rest waits for people or comes once an hour.
HOT: dict[str, tuple[str, ...]] = {
    "payments": (
        "payments/accounts.sql: lock_accounts", "payments/accounts.sql: open_accounts",
        "payments/accounts.sql: lock_accounts_with_credit", "payments/accounts.sql: accounts_with_credit",
        "payments/receivables.sql: insert_receivables", "payments/receivables.sql: upsert_receivables",
        "payments/receivables.sql: known_receivables", "payments/receivables.sql: receivables_by_id",
        "payments/receivables.sql: open_receivables", "payments/payments.sql: payments_with_credit",
        "payments/payments.sql: payments_by_id", "payments/payments.sql: allocations_of",
        "payments/payments.sql: save_money", "payments/partners.sql: remember_events",
        "payments/partners.sql: remembered_events", "payments/partners.sql: bills_by_id",
        "payments/partners.sql: bills_by_number", "payments/partners.sql: customers_by_code",
        "payments/catalog.sql: upsert_customers",
    ),
    "invoicing": (
        "invoicing/invoices.sql: lock_counters", "invoicing/invoices.sql: bill_customers",
        "invoicing/invoices.sql: count_on", "invoicing/runs.sql: plan_run",
    ),
    "gateway": (
        "store/bills.sql: bill_by_id", "store/bills.sql: totals_of_found",
        "store/payments.sql: payments_of_bill", "store/customers.sql: customer_by_id",
    ),
    "projector": (
        "projection/bills.sql: add_invoices", "projection/bills.sql: project_invoices",
        "projection/bills.sql: add_to_totals", "projection/payments.sql: project_money",
        "projection/customers.sql: project_customers",
    ),
}  # fmt: skip
PAGES = ("bill_pages: in_order_", "bill_pages: of_group_", "bill_pages: of_operators_", "bill_pages: found_")
# Asked of every place as they stand, with what has to be done first where anything can be.
WITHOUT: dict[tuple[str, str], str] = {
    (f"{room}: {name}", table): why
    for why, statements in {
        "sought by its id; whoever asks knows the key, to be sent along": (
            ("payments/receivables.sql", "known_receivables", "receivable"),
            ("payments/receivables.sql", "receivables_by_id", "receivable"),
            ("payments/payments.sql", "payments_by_id", "payment"),
            ("payments/payments.sql", "save_money", "receivable"),
            ("invoicing/invoices.sql", "bill_customers", "customer"),
        ),
        "the table lacks its customer, to be added": (
            ("payments/payments.sql", "allocations_of", "allocation"),
            ("payments/payments.sql", "save_money", "allocation"),
        ),
        "a partner names a bill, a code or a payment, and not whose it is": (
            ("payments/partners.sql", "bills_by_id", "receivable"),
            ("payments/partners.sql", "bills_by_number", "receivable"),
            ("payments/partners.sql", "customers_by_code", "customer_known"),
            ("payments/partners.sql", "remembered_events", "payment"),
        ),
        "an address of the desk names a bill or a customer, and row-level security says whether it may": (
            ("store/bills.sql", "bill_by_id", "bill"),
            ("store/customers.sql", "customer_by_id", "customer"),
            ("store/payments.sql", "payments_of_bill", "customer"),
            ("store/payments.sql", "payments_of_bill", "payment"),
        ),
        "bills stay with the operators that issued them, wherever their customer moves": (
            ("invoicing/invoices.sql", "bill_customers", "invoice"),
            ("store/customers.sql", "customer_by_id", "bill"),
        ),
        "money may be heard of before its bill, by the bill's id alone": (
            ("projection/payments.sql", "project_money", "bill"),
            ("projection/payments.sql", "project_money", "customer"),
        ),
    }.items()
    for room, name, table in statements
}


def hot_statements(role: str) -> dict[str, str]:
    """Return the hot statements of a role, without comments and joins that only add a name."""
    known = statements_of(role)
    named = {name: known[name] for name in HOT[role]}
    if role == "gateway":
        named |= {name: sql for name, sql in known.items() if name.startswith(PAGES)}
    return {name: _bare(sql) for name, sql in named.items()}


def _bare(sql: str) -> str:
    said = re.sub(r"--.*", "", sql)
    return said if "operator.path" in said else re.sub(r"ON operator\.id = \w+\.operator_id", "", said)


def carries(sql: str, table: str, key: str, keyed: Collection[str] = ()) -> bool:
    """Whether rows of a table are inserted with their key and sought by it; `keyed` tables have a key too."""
    inserted = re.findall(rf"\bINTO {table} \(([^)]*)\)", sql)
    if not all(re.search(rf"\b{key}\b", columns) for columns in inserted):
        return False
    if not re.search(rf"\b(?:FROM|JOIN|UPDATE) {table}\b", sql):
        return True
    names = {table, *re.findall(rf"\b(?:FROM|JOIN|UPDATE) {table} AS (\w+)", sql)}
    # Something else goes by its name, and what is said of that says nothing of the table.
    names -= set(re.findall(rf"\b(?!{table}\b)\w+ AS (\w+)", sql)) & {table}
    prefix = rf"(?:{'|'.join(sorted(names))})\."
    own = prefix if set(_tables(sql)) & set(keyed) - {table} else rf"(?<!\.)\b(?:{prefix})?"
    sought = rf"\b{own}{key}\s*(?:=|<>|IN\b|@>|&&)|=\s*{own}{key}\b|USING \([^)]*\b{key}\b"
    return bool(names and re.search(sought, sql))


def _tables(sql: str) -> list[str]:
    return re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE) ([a-z_]+)\b(?!\()", sql)


def lacking(role: str) -> Iterator[tuple[str, str]]:
    for name, sql in hot_statements(role).items():
        for table in sorted(set(_tables(sql)) & KEYS[role].keys()):
            if not carries(sql, table, KEYS[role][table], KEYS[role]):
                yield name, table


@pytest.mark.parametrize("role", HOT)
def test_every_hot_statement_carries_its_distribution_key(role: str) -> None:
    without = set(lacking(role))
    of_role = {each for each in WITHOUT if each[0] in hot_statements(role)}
    assert without <= WITHOUT.keys(), f"carry the key, or say why not: {sorted(without - WITHOUT.keys())}"
    assert of_role <= without, f"they carry it by now: {sorted(of_role - without)}"


def test_every_exception_is_a_hot_statement() -> None:
    hot = {name for role in HOT for name in hot_statements(role)}
    assert {name for name, _ in WITHOUT} <= hot


@pytest.mark.parametrize(
    ("sql", "is_carried"),
    [
        ("SELECT 1 FROM account WHERE customer_id = ANY(:ids)", True),
        ("SELECT customer_id FROM account WHERE version = 1", False),
        ("INSERT INTO account (customer_id, version) SELECT 1, 2", True),
        ("INSERT INTO account (version) SELECT 2", False),
        ("SELECT 1 FROM account AS a JOIN payment ON payment.customer_id = a.customer_id", True),
        ("SELECT 1 FROM account JOIN payment ON payment.customer_id = :id WHERE account.id = 1", False),
        (
            "WITH new AS (INSERT INTO account (customer_id) SELECT 1) SELECT 1 FROM account WHERE id = 1",
            False,
        ),
    ],
)
def test_a_statement_without_its_key_is_noticed(sql: str, is_carried: bool) -> None:
    assert carries(sql, "account", "customer_id", {"account", "payment"}) is is_carried
