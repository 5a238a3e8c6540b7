"""The words of a document in its reader's language: texts, amounts, dates, and what people call things."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

from shared.contracts.documents import Language
from shared.values import grouping
from shared.values.texts import with_digits_of

# English, Bengali: a text cannot be without one of them.
TEXTS: dict[str, tuple[str, str]] = {
    "invoice": ("Invoice", "চালান"),
    "invoice-void": ("Invoice, void", "চালান, বাতিল"),
    "receipt": ("Receipt", "রসিদ"),
    "receipt-reversed": ("Receipt, reversed", "রসিদ, বাতিল"),
    "statement": ("Statement", "হিসাব বিবরণী"),
    "your-operator": ("Your operator: {name}", "আপনার অপারেটর: {name}"),
    "part-of": ("Part of {name}", "{name}-এর অংশ"),
    "customer-code": ("Customer code {code}", "গ্রাহক কোড {code}"),
    "billing-period": ("Billing period", "বিলের মাস"),
    "issued": ("Issued", "ইস্যুর তারিখ"),
    "due": ("Due", "পরিশোধের শেষ দিন"),
    "void-since": ("Void since", "বাতিলের তারিখ"),
    "currency": ("Currency", "মুদ্রা"),
    "package": ("Package", "প্যাকেজ"),
    "period": ("Period", "সময়কাল"),
    "net": ("Net", "মূল্য"),
    "vat": ("VAT", "ভ্যাট"),
    "vat-rate": ("VAT {rate}", "ভ্যাট {rate}"),
    "total": ("Total", "মোট"),
    "paid": ("Paid", "পরিশোধিত"),
    "balance-due": ("Balance due", "বাকি"),
    "balance": ("Balance", "বাকি"),
    "scan-to-pay": ("Scan to pay", "স্ক্যান করে বিল দিন"),
    "how-to-pay": (
        "The code opens this bill on your phone; pay it there.",
        "কোডটি আপনার ফোনে এই বিল খুলবে; সেখানেই পরিশোধ করুন।",
    ),
    "qr-code": ("QR code: {address}", "কিউআর কোড: {address}"),
    "paid-on": ("Paid on", "তারিখ"),
    "method": ("Method", "মাধ্যম"),
    "reference": ("Reference", "রেফারেন্স"),
    "amount": ("Amount", "টাকা"),
    "earlier-payments": ("{count} earlier payments", "আগের {count}টি পরিশোধ"),
    "stamp-paid": ("PAID", "পরিশোধিত"),
    "stamp-void": ("VOID", "বাতিল"),
    "stamp-reversed": ("REVERSED", "বাতিল"),
    "nothing-to-pay": ("Nothing is to be paid on this invoice.", "এই চালানে কিছুই দিতে হবে না।"),
    "voided": ("It was made void on {date}: {reason}.", "{date} তারিখে বাতিল করা হয়েছে: {reason}।"),
    "replaced-by": (
        "It is replaced by {number}, issued {date}, {money}.",
        "এর বদলে {number}, ইস্যু {date}, {money}।",
    ),
    "replaces": (
        "This invoice replaces {number}, which is void.",
        "এই চালান {number}-এর বদলে দেওয়া; আগেরটি বাতিল।",
    ),
    "as-of": (
        "As of {time}; later payments are not shown. VAT rounds half up, once per line. "
        "Quote {number} when you pay in cash.",
        "{time} পর্যন্ত হিসাব; এর পরের পরিশোধ এখানে নেই। ভ্যাট প্রতি লাইনে একবার পূর্ণ করা হয়। "
        "নগদে দিলে {number} নম্বরটি বলুন।",
    ),
    "as-of-void": (
        "As of {time}. A void invoice keeps its number, so that no number is missing.",
        "{time} পর্যন্ত হিসাব। বাতিল চালানের নম্বর থেকে যায়, যাতে কোনো নম্বর বাদ না পড়ে।",
    ),
    "copy-customer": ("Customer's copy", "গ্রাহকের কপি"),
    "copy-office": ("Office copy", "অফিস কপি"),
    "tax-id": ("Tax ID {id}", "ট্যাক্স আইডি {id}"),
    "bin": ("BIN {id}", "বিআইএন {id}"),
    "received": ("Received with thanks", "ধন্যবাদের সাথে গৃহীত"),
    "received-short": ("Received", "গৃহীত"),
    "not-received": ("Taken back", "ফেরত নেওয়া"),
    "received-by": ("Received by", "গ্রহণ করেছেন"),
    "recorded": ("Recorded", "লেখা হয়েছে"),
    "what-it-settles": ("What it settles", "যে মাসের বিল"),
    "bill": ("Bill", "বিল"),
    "settled": ("Settled", "পরিশোধ"),
    "settled-short": ("settled", "পরিশোধিত"),
    "open-short": ("open {amount}", "বাকি {amount}"),
    "still-open": ("Still open", "বাকি"),
    "credit-next": ("Credit, for the next bill", "অগ্রিম, পরের বিলের জন্য"),
    "left-to-pay": ("Left to pay", "মোট বাকি"),
    "keep-receipt": (
        "Payment {id}. A payment settles the oldest bill first. Keep this receipt; "
        "it is your proof of payment.",
        "পরিশোধ {id}। টাকা আগে সবচেয়ে পুরোনো বিলে যায়। রসিদটি রাখুন; এটিই আপনার পরিশোধের প্রমাণ।",
    ),
    "payment-id": ("Payment {id}.", "পরিশোধ {id}।"),
    "reversed": (
        "This payment was taken back on {date}: {reason}. It settles nothing.",
        "এই পরিশোধ {date} তারিখে বাতিল হয়েছে: {reason}। এটি কোনো বিল শোধ করে না।",
    ),
    "customer": ("Customer", "গ্রাহক"),
    "code": ("Code", "কোড"),
    "method-to": ("{method}, to {name}", "{method}, {name}"),
    "your-bills": ("Your bills and receipts", "আপনার বিল ও রসিদ"),
    "thank-you": ("Thank you.", "ধন্যবাদ।"),
    "from": ("From", "শুরু"),
    "to": ("To", "শেষ"),
    "made": ("Made", "তৈরি"),
    "opening": ("Opening balance", "প্রারম্ভিক বাকি"),
    "closing": ("Closing balance", "সমাপনী বাকি"),
    "plus-billed": ("+ Billed", "+ বিল"),
    "minus-paid": ("− Paid", "− পরিশোধ"),
    "to-pay-on": ("= To pay on {date}", "= {date} তারিখে বাকি"),
    "credit-on": ("= Credit on {date}", "= {date} তারিখে অগ্রিম"),
    "date": ("Date", "তারিখ"),
    "entry": ("Entry", "বিবরণ"),
    "number-reference": ("Number, reference", "নম্বর, রেফারেন্স"),
    "billed": ("Billed", "বিল"),
    "paid-column": ("Paid", "পরিশোধ"),
    "balance-column": ("Balance", "বাকি"),
    "credit": ("{amount} credit", "{amount} অগ্রিম"),
    "entry-bill": ("Bill, {month}", "বিল, {month}"),
    "entry-bill-reissued": ("Bill, {month}, reissued", "বিল, {month}, নতুন করে"),
    "entry-void": ("Bill void", "বিল বাতিল"),
    "entry-payment": ("Payment", "পরিশোধ"),
    "entry-reversal": ("Reversal", "পরিশোধ বাতিল"),
    "entry-refund": ("Refund", "ফেরত"),
    "scan-open": ("Scan to pay what is open", "স্ক্যান করে বাকি বিল দিন"),
    "open-bill": (
        "{number}, {month}, {money}: due {date}.",
        "{number}, {month}, {money}: শেষ দিন {date}।",
    ),
    "open-bills-more": ("and {count} more", "এবং আরও {count}টি"),
    "statement-note": (
        "A void bill and a reversed payment are shown as entries of their own, with a minus, on the day "
        "they happened. “Credit” is money paid ahead; it settles the next bill by itself.",
        "বাতিল বিল ও বাতিল পরিশোধ নিজ নিজ দিনে আলাদা সারিতে, বিয়োগ চিহ্নসহ দেখানো হয়। "
        "“অগ্রিম” মানে আগে দেওয়া টাকা; তা নিজে থেকেই পরের বিলে যায়।",
    ),
    "sample": ("Sample", "নমুনা"),
    "method-cash": ("Cash", "নগদ টাকা"),
    "method-bkash": ("bKash", "বিকাশ"),
    "method-nagad": ("Nagad", "নগদ (Nagad)"),
    "method-rocket": ("Rocket", "রকেট"),
    "method-card": ("Card", "কার্ড"),
    "method-bank": ("Bank transfer", "ব্যাংক ট্রান্সফার"),
    "method-bank_transfer": ("Bank transfer", "ব্যাংক ট্রান্সফার"),
    "method-cheque": ("Cheque", "চেক"),
    "method-online": ("Online", "অনলাইন"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording of one document: its language, currency and time zone."""

    language: Language
    currency: str
    time_zone: str

    def text(self, name: str, /, **parts: str) -> str:
        """A text by its name, with its parts put in."""
        text = TEXTS[name][self.language == "bn"]
        return text.format(**parts) if parts else text

    def amount(self, minor: int) -> str:
        """1,05,000.00: digits alone, a minus set apart."""
        written = self.digits(grouping.amount(abs(minor), self.currency))
        return f"− {written}" if minor < 0 else written

    def money(self, minor: int) -> str:
        """An amount that stands alone, with its currency before it."""
        return f"{self.currency_sign} {self.amount(minor)}"

    @property
    def currency_sign(self) -> str:
        """Return what stands before an amount: the code, and in Bengali the taka's sign."""
        return "৳" if (self.language, self.currency) == ("bn", "BDT") else self.currency

    @property
    def currency_name(self) -> str:
        """The currency by itself."""
        return "টাকা (BDT)" if (self.language, self.currency) == ("bn", "BDT") else self.currency

    def digits(self, text: str) -> str:
        """The language's own digits; codes, numbers and mobiles stay as they are."""
        return with_digits_of(self.language, text)

    def count(self, number: int) -> str:
        """A whole number."""
        return self.digits(grouping.grouped(number, self.currency))

    def rate(self, basis_points: int) -> str:
        """5%, 7.5%."""
        whole, rest = divmod(basis_points, 100)
        return self.digits(f"{whole}.{rest:02d}".rstrip("0").rstrip(".")) + "%"

    def day(self, day: date) -> str:
        """10 December 2026."""
        return self.digits(f"{day.day} {_months(self.language)[day.month - 1]} {day.year}")

    def short_day(self, day: date) -> str:
        """10 Dec 2026."""
        return self.digits(f"{day.day} {_short_months(self.language)[day.month - 1]} {day.year}")

    def moment(self, moment: datetime) -> str:
        """14 Dec 2026, 14:02, in the billing zone."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        return f"{self.short_day(local.date())}, {self.digits(f'{local:%H:%M}')}"

    def local_day(self, moment: datetime) -> date:
        """The day of a moment in the billing zone."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def month(self, period: str) -> str:
        """December 2026, from 2026-12."""
        return self.digits(f"{_months(self.language)[int(period[5:]) - 1]} {period[:4]}")

    def days_of(self, period: str) -> str:
        """1 – 31 Dec 2026, from 2026-12."""
        year, month = int(period[:4]), int(period[5:])
        last = calendar.monthrange(year, month)[1]
        return self.digits(f"1 – {last} {_short_months(self.language)[month - 1]} {year}")

    def method(self, method: str) -> str:
        """Return what people call a way of paying; an unknown one is called as it was sent."""
        name = f"method-{method.lower()}"
        return self.text(name) if name in TEXTS else method

    def mobile(self, number: str | None) -> str:
        """+880 1711 000412: the groups in which Bangladesh says a number; others as they are."""
        if number and number.startswith("+880") and len(number) == 14:
            return f"{number[:4]} {number[4:8]} {number[8:]}"
        return number or ""


@lru_cache
def _months(language: Language) -> list[str]:
    names = Locale.parse("bn_BD" if language == "bn" else "en_GB").months["format"]["wide"]
    return [names[month] for month in range(1, 13)]


@lru_cache
def _short_months(language: Language) -> list[str]:
    # In Bengali a month has no short form that people write.
    return _months(language) if language == "bn" else [name[:3] for name in _months(language)]
