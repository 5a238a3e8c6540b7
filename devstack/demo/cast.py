"""Who there is in the demo: resellers, packages, a thousand customers, and how each of them pays."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from devstack.demo.names import BANGLA, MEN, MENS_LAST, SHOPS, WOMEN, WOMENS_LAST

SEED = "shapla"
CUSTOMERS = 1_000
ISP = "Shapla Net"
PARTNER = "bkash"

Habit = Literal[
    "in-full", "over-the-counter", "partner", "partial", "too-much", "void", "reissue", "reversed", "not"
]


@dataclass(frozen=True, slots=True)
class Operator:
    """A reseller: below the ISP itself when `parent` is None. `weight` is its share of customers."""

    code: str
    name: str
    parent: str | None
    area: str
    weight: int


OPERATORS = (
    Operator("MIR", "Mirpur Zone", None, "Mirpur-2, Dhaka", 8),
    Operator("UTT", "Uttara Online", None, "Uttara Sector 4, Dhaka", 8),
    Operator("NGJ", "Narayanganj Fiber", None, "Chashara, Narayanganj", 7),
    Operator("PLB", "Pallabi Link", "MIR", "Pallabi, Dhaka", 15),
    Operator("M10", "Mirpur-10 Point", "MIR", "Mirpur-10, Dhaka", 12),
    Operator("KZP", "Kazipara Net", "MIR", "Kazipara, Dhaka", 9),
    Operator("SC7", "Sector 7 Hub", "UTT", "Uttara Sector 7, Dhaka", 12),
    Operator("DKN", "Dakshinkhan Net", "UTT", "Dakshinkhan, Dhaka", 8),
    Operator("FTL", "Fatullah Cable", "NGJ", "Fatullah, Narayanganj", 8),
    Operator("SDG", "Siddhirganj Link", "NGJ", "Siddhirganj, Narayanganj", 7),
)
DIRECT = Operator("ISP", ISP, None, "Karwan Bazar, Dhaka", 6)

# Name, price in paisa without VAT, VAT in basis points, how often it is taken.
PACKAGES = (
    ("Home 10 Mbps", 50_000, 500, 18),
    ("Home 20 Mbps", 80_000, 500, 26),
    ("Home 30 Mbps", 100_000, 500, 24),
    ("Home 50 Mbps", 150_000, 500, 14),
    ("Home 100 Mbps", 250_000, 500, 7),
    ("SME 50 Mbps", 300_000, 500, 5),
    ("SME 100 Mbps", 500_000, 500, 4),
    ("Staff 20 Mbps", 0, 500, 2),
)
FOR_SHOPS = ("SME 50 Mbps", "SME 100 Mbps")

# Email, name, role, operator.
USERS: tuple[tuple[str, str, Literal["operator", "collector", "viewer"], str], ...] = (
    ("mirpur@ispbills.test", "Kamrul Hasan", "operator", "MIR"),
    ("pallabi.cash@ispbills.test", "Shirin Sultana", "collector", "PLB"),
    ("accounts@ispbills.test", "Farhana Akter", "viewer", "ISP"),
)
# Who walks from door to door, and for whom.
COLLECTOR, COLLECTS_FOR = "pallabi.cash@ispbills.test", "PLB"
COLUMNS = ("code", "name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since")


def customers_file(today: date) -> str:
    """The customers as the CSV that an ISP would bring along."""
    chance = Random(SEED)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    places = (*OPERATORS, DIRECT)
    for number in range(CUSTOMERS):
        operator = chance.choices(places, [each.weight for each in places])[0]
        writer.writerow(_customer(chance, operator, number, today))
    return text.getvalue()


def _customer(chance: Random, operator: Operator, number: int, today: date) -> tuple[str, ...]:
    package = chance.choices(PACKAGES, [each[3] for each in PACKAGES])[0][0]
    name = _name(chance, package)
    road = f"House {chance.randint(1, 90)}, Road {chance.randint(1, 27)}, {operator.area}"
    mobile = f"+8801{chance.choice('356789')}{number:04d}{chance.randint(0, 9999):04d}"
    status = chance.choices(("active", "suspended", "closed"), (93, 5, 2))[0]
    cycle = chance.choices(("monthly", "daily", "none"), (95, 3, 2))[0]
    return (
        f"{operator.code}-{20_001 + number}",
        name,
        "" if chance.random() < 0.03 else mobile,
        road,
        operator.code,
        package,
        status,
        cycle,
        _since(chance, today).isoformat(),
    )


def _name(chance: Random, package: str) -> str:
    if package in FOR_SHOPS:
        return chance.choice(SHOPS)
    if chance.random() < 0.15:
        return chance.choice(BANGLA)
    if chance.random() < 0.45:
        return f"{chance.choice(WOMEN)} {chance.choice(WOMENS_LAST)}"
    return f"{chance.choice(('', '', 'Md. '))}{chance.choice(MEN)} {chance.choice(MENS_LAST)}"


def _since(chance: Random, today: date) -> date:
    """Most have been there for long; a few joined in the month before, or in this one."""
    kind = chance.random()
    if kind < 0.02:
        return today - timedelta(days=chance.randint(0, today.day - 1))
    if kind < 0.04:
        return month_before(today) + timedelta(days=chance.randint(1, 27))
    return month_before(today) - timedelta(days=chance.randint(0, 1_200))


def month_before(day: date) -> date:
    """The 1st of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def period(day: date) -> str:
    """The billing period of a day."""
    return day.strftime("%Y-%m")


# How bills are paid in the end, in a hundred: the oldest almost all of them, those of this month about half.
HABITS: tuple[dict[Habit, float], ...] = (
    {
        "in-full": 72,
        "over-the-counter": 12,
        "partner": 7,
        "partial": 3,
        "too-much": 1,
        "reversed": 0.3,
        "void": 0.3,
        "not": 4.4,
    },
    {
        "in-full": 60,
        "over-the-counter": 12,
        "partner": 7,
        "partial": 6,
        "too-much": 2,
        "reversed": 0.5,
        "reissue": 0.4,
        "not": 12.1,
    },
    {
        "in-full": 30,
        "over-the-counter": 10,
        "partner": 8,
        "partial": 8,
        "too-much": 2,
        "void": 0.6,
        "reissue": 0.6,
        "not": 40.8,
    },
)


def habit(of_period: str, customer_code: str, habits: dict[Habit, float]) -> Habit:
    """How this customer pays this month; always the same answer."""
    chance = Random(f"{SEED}/{of_period}/{customer_code}")
    return chance.choices(list(habits), list(habits.values()))[0]


def paid_on(first: date, customer_code: str) -> date:
    """The day of a month on which a customer brings the money."""
    return first.replace(day=Random(f"{SEED}/{first}/{customer_code}").randint(2, 27))
