"""The words of the payment page and of messages: texts, amounts and days in English and Bengali."""

from __future__ import annotations

from datetime import date, datetime

from shared.values import grouping
from shared.values.texts import with_digits_of

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
    "bn": (
        "জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর",
        "নভেম্বর", "ডিসেম্বর",
    ),
}  # fmt: skip

# English, Bengali: a text cannot be without one of them.
TEXTS: dict[str, tuple[str, str]] = {
    "pay-your-bill": ("Pay your bill", "বিল পরিশোধ করুন"),
    "internet-bill": ("Internet bill, {month}", "ইন্টারনেট বিল, {month}"),
    "internet-bills": ("{count} internet bills", "{count}টি ইন্টারনেট বিল"),
    "oldest-first": ("The oldest is settled first.", "সবচেয়ে পুরোনো বিল আগে পরিশোধ হয়।"),
    "due": ("Due {day}", "পরিশোধের শেষ দিন {day}"),
    "was-due": ("Was due {day}", "শেষ দিন ছিল {day}"),
    "customer": ("Customer", "গ্রাহক"),
    "bill": ("Bill", "বিল"),
    "month": ("Month", "মাস"),
    "paid-so-far": ("Paid so far", "এ পর্যন্ত পরিশোধিত"),
    "to-pay": ("To pay", "বাকি"),
    "how-much": ("How much", "কত দেবেন"),
    "all-of-it": ("All of it", "সবটুকু"),
    "a-part": ("A part", "কিছু অংশ"),
    "part-in": ("Part to pay, {currency}", "যতটুকু দেবেন, {currency}"),
    "part-hint": ("What is left stays on this bill, to pay later.", "যা বাকি থাকে, পরে দিতে পারবেন।"),
    "help": ("Help", "সাহায্য"),
    "pdf": ("Invoice, PDF", "ইনভয়েস, পিডিএফ"),
    "pdf-of": ("{month}, PDF", "{month}, পিডিএফ"),
    "all-my-bills": ("All my bills", "আমার সব বিল"),
    "pay-with": ("Pay with", "যেভাবে দেবেন"),
    "pay-all": ("Pay {money}", "{money} পরিশোধ করুন"),
    "pay-part": ("Pay this part", "এই অংশ পরিশোধ করুন"),
    "go-on": (
        "You go on to the payment page. We never see your PIN or card number.",
        "আপনি পেমেন্টের পাতায় যাবেন। আপনার পিন বা কার্ড নম্বর আমরা দেখি না।",
    ),
    "bkash": ("bKash", "বিকাশ"),
    "bkash-sub": ("Mobile wallet", "মোবাইল ওয়ালেট"),
    "sslcommerz": ("Card, bank or Nagad", "কার্ড, ব্যাংক বা নগদ"),
    "sslcommerz-sub": ("Visa, Mastercard, internet banking", "ভিসা, মাস্টারকার্ড, ইন্টারনেট ব্যাংকিং"),
    "stripe": ("Card", "কার্ড"),
    "stripe-sub": ("Visa, Mastercard, also from abroad", "ভিসা, মাস্টারকার্ড, বিদেশ থেকেও"),
    "sandbox": ("Test payment", "পরীক্ষামূলক পেমেন্ট"),
    "sandbox-sub": ("No money moves", "কোনো টাকা কাটা হবে না"),
    "from-amount": ("From {money}", "{money} থেকে"),
    "up-to-amount": ("Up to {money}", "সর্বোচ্চ {money}"),
    "paid-title": ("Paid. Thank you.", "পরিশোধ হয়েছে। ধন্যবাদ।"),
    "bill-paid": ("This bill is paid", "এই বিল পরিশোধ হয়েছে"),
    "nothing-to-pay": ("Nothing is left to pay.", "আর কিছু দিতে হবে না।"),
    "receipt": ("Receipt", "রসিদ"),
    "by-provider": ("{time}, by {provider}", "{time}, {provider} দিয়ে"),
    "transaction": ("Transaction", "লেনদেন নম্বর"),
    "still-to-pay": ("Still to pay", "এখনো বাকি"),
    "as-credit": (
        "The bill needed less than this; the rest counts towards your next bills.",
        "বিলে এর চেয়ে কম বাকি ছিল; বাড়তি টাকা পরের বিলে গণনা হবে।",
    ),
    "checking-title": ("We are checking with {provider}", "{provider} থেকে নিশ্চিত করা হচ্ছে"),
    "checking-for": ("for {number}, {month}", "{number}, {month}"),
    "checking-calm": ("You can close this page.", "আপনি এই পাতা বন্ধ করতে পারেন।"),
    "checking-why": (
        "We go on asking until {provider} answers, and no money is lost. "
        "Please do not pay a second time meanwhile.",
        "{provider} না জানানো পর্যন্ত আমরা খোঁজ নিতে থাকব, কোনো টাকা হারাবে না। এর মধ্যে আবার পরিশোধ করবেন না।",
    ),
    "look-again": ("Look again", "আবার দেখুন"),
    "back-to-bill": ("Back to the bill", "বিলে ফিরে যান"),
    "held-title": ("We have your money and look at it by hand", "আপনার টাকা আমরা পেয়েছি, যাচাই করা হচ্ছে"),
    "held-why": (
        "What {provider} took is not quite what was asked, so a person checks it. Please do not pay again.",
        "{provider} যা নিয়েছে তা চাওয়া টাকার সাথে মেলেনি, তাই একজন দেখছেন। আবার পরিশোধ করবেন না।",
    ),
    "not-paid-title": ("It was not paid", "পরিশোধ হয়নি"),
    "not-paid-why": (
        "{provider} took no money. You can try again, or pay in another way.",
        "{provider} কোনো টাকা নেয়নি। আবার চেষ্টা করুন, বা অন্যভাবে দিন।",
    ),
    "try-again": ("Try again", "আবার চেষ্টা করুন"),
    "unknown-title": ("We could not learn what became of it", "কী হয়েছে তা জানা যায়নি"),
    "unknown-why": (
        "{provider} has not answered for a long time. If money was taken, call us with this number: "
        "{reference}.",
        "{provider} অনেকক্ষণ উত্তর দেয়নি। টাকা কাটা হয়ে থাকলে এই নম্বর জানিয়ে ফোন করুন: {reference}।",
    ),
    "ended-title": ("This payment link has ended", "এই পেমেন্ট লিংকের মেয়াদ শেষ"),
    "ended-why": (
        "A link ends after a time, and sooner when a newer one was sent to you.",
        "লিংকের মেয়াদ কিছুদিন পর শেষ হয়; নতুন লিংক পাঠানো হলে আগেই শেষ হয়।",
    ),
    "ended-newer": ("Look for a newer SMS, and open the link in it.", "নতুন এসএমএস খুঁজে তার লিংক খুলুন।"),
    "ended-ask": ("Ask your provider for a new link.", "আপনার সেবাদাতার কাছে নতুন লিংক চান।"),
    "ended-collector": (
        "Pay your collector, and ask for the receipt.",
        "কালেক্টরকে টাকা দিন এবং রসিদ নিন।",
    ),
    "what-to-do": ("What you can do", "যা করতে পারেন"),
    "unknown-link-title": ("There is no such page", "এমন কোনো পাতা নেই"),
    "unknown-link-why": (
        "Please open the link exactly as it stands in the message.",
        "বার্তায় লিংকটি যেমন আছে ঠিক তেমনই খুলুন।",
    ),
    "not-now-title": ("This page cannot be shown right now", "পাতাটি এই মুহূর্তে দেখানো যাচ্ছে না"),
    "not-now-why": (
        "Please try again in a minute. What you have paid already is not lost.",
        "এক মিনিট পরে আবার চেষ্টা করুন। আপনি যা দিয়েছেন তা হারায়নি।",
    ),
    "no-way-title": ("This bill cannot be paid online now", "এই বিল এখন অনলাইনে দেওয়া যাচ্ছে না"),
    "no-way-why": ("Please pay your collector or call us.", "কালেক্টরকে দিন বা আমাদের ফোন করুন।"),
    "provider-away-title": ("{provider} does not answer", "{provider} সাড়া দিচ্ছে না"),
    "provider-away-why": (
        "No money was taken. Try again in a few minutes, or pay in another way.",
        "কোনো টাকা কাটা হয়নি। কয়েক মিনিট পরে আবার চেষ্টা করুন, বা অন্যভাবে দিন।",
    ),
    "provider-refused-title": ("{provider} did not take this payment", "{provider} এই পেমেন্ট নেয়নি"),
    "wrong-amount": (
        "That is no amount that can be paid here: write it as 1,050.00, at most {money}.",
        "এই পরিমাণ দেওয়া যাবে না: ১,০৫০.০০ এভাবে লিখুন, সর্বোচ্চ {money}।",
    ),
    "too-little": ("{provider} takes {money} or more.", "{provider} কমপক্ষে {money} নেয়।"),
    "too-much": ("{provider} takes {money} at most.", "{provider} সর্বোচ্চ {money} নেয়।"),
    "other-language": ("বাংলা", "English"),
    "demo-title": ("Test payment page", "পরীক্ষামূলক পেমেন্ট পাতা"),
    "demo-why": (
        "This page stands in for a payment provider. No money moves.",
        "এই পাতা পেমেন্ট সেবাদাতার জায়গায় আছে। কোনো টাকা কাটা হবে না।",
    ),
    "demo-fail": ("Let it fail", "ব্যর্থ করুন"),
}


def count(number: int, language: str = "en") -> str:
    """A number of things."""
    return with_digits_of(language, f"{number:,}")


def text(name: str, language: str, **values: str) -> str:
    """A text in the language, with its values in place."""
    return TEXTS[name][language == "bn"].format(**values)


def amount(minor: int, currency: str, language: str = "en") -> str:
    """An amount as it is read in the currency's country: 1,05,000.00."""
    return with_digits_of(language, grouping.amount(minor, currency))


def money(minor: int, currency: str, language: str = "en") -> str:
    """An amount that stands alone, behind its currency."""
    return f"{currency} {amount(minor, currency, language)}"


def month(period: str, language: str = "en") -> str:
    """A billing period by its month's name."""
    year, number = period.split("-")
    return with_digits_of(language, f"{_MONTHS[language][int(number) - 1]} {year}")


def day(of: date, language: str = "en") -> str:
    """A day as customers read it: 10 December 2026."""
    return with_digits_of(language, f"{of.day} {_MONTHS[language][of.month - 1]} {of.year}")


def moment(at: datetime, language: str = "en") -> str:
    """A day and time, in the zone that `at` is in."""
    return f"{day(at.date(), language)}, {with_digits_of(language, f'{at:%H:%M}')}"
