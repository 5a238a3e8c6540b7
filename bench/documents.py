"""Documents: CPU an invoice beside headless Chromium on the same page; growth of a process; joining."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import io
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

from bench.figures import Row
from services.documents.domain import Letterhead, StoredLogo
from services.documents.rendering import views
from services.documents.rendering.pool import Pool as Processes
from services.documents.rendering.printing import PrintFile, copy_pages
from services.documents.rendering.sheets import TEMPLATES, Sheets, qr_code
from services.documents.rendering.wording import Wording
from shared.contracts.documents import BillPayment, RenderDocument, Settlement
from shared.contracts.envelope import Actor
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine
from shared.ids import new_id

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ROUNDS = 5
NOON = datetime(2026, 12, 14, 6, 0, tzinfo=UTC)
LOGO = "logo:logos/bench.png"
MEGABYTE = 1024 * 1024
# Lines that a process keeps, at most 2,000 of them.
GROWTH_BYTES = 4 * MEGABYTE


def measure(invoices: int) -> Iterator[Row]:
    """`invoices` renders in one process; a tenth of them in Chromium; as many joined."""
    logo = _logo()
    ours, growth = asyncio.run(_ours(invoices, logo))
    theirs = _theirs(max(invoices // 10, 10), logo)
    yield Row(
        "invoice PDF, CPU a document",
        f"{ours:.0f} ms, {ours / theirs:.2f} × Chromium",
        "≤ 50 ms, < 0.5 × Chromium",
        f"headless Chromium, kept running: {theirs:.0f} ms; started for each: {_started(logo):.0f} ms",
        ours <= 50 and ours < 0.5 * theirs,
    )
    yield Row(
        f"memory of a rendering process, document 100 → {invoices:,}",
        f"{growth / MEGABYTE:+.1f} MB",
        "no growth",
        reached=growth < GROWTH_BYTES,
    )
    yield from _costs(logo)
    yield _joined(invoices, logo)


def invoice(number: int) -> RenderDocument:
    """An invoice paid in part, each with a number and an address of its own, and one of twelve prices."""
    speed = 10 * (number % 12 + 1)
    net, package = 40_000 + 2_000 * speed, f"Home {speed} Mbps"
    vat = net // 20
    line = InvoiceLine(
        description=package, quantity=1, unit_minor=net, net_minor=net,
        vat_basis_points=500, vat_minor=vat, total_minor=net + vat,
    )  # fmt: skip
    bill = InvoiceIssued(
        invoice_id=new_id(), number=f"PLB-{number:06}", period="2026-12", issued_on=date(2026, 12, 1),
        due_on=date(2026, 12, 10), currency="BDT", lines=(line,), net_minor=net, vat_basis_points=500,
        vat_minor=vat, total_minor=net + vat, operator_id=new_id(), operator_name="Pallabi Link",
        package_id=new_id(), package_name=package, customer_id=new_id(),
        customer_code=f"PLB-{number:05}", customer_name=f"Customer number {number}",
        customer_mobile=f"+88017{number:08}", run_id=None, issued_at=NOON, version=1,
    )  # fmt: skip
    payment = BillPayment(
        paid_on=date(2026, 12, 14), method="cash", reference=f"MR-{number}", amount_minor=30_000
    )
    return RenderDocument(
        actor=Actor(kind="system", name="bench"),
        document_id=new_id(),
        invoice=bill,
        customer_address=f"House {number % 97}, Road {number % 23}, Pallabi, Dhaka 1216",
        settlement=Settlement(
            as_of=NOON, paid_minor=30_000, balance_minor=net + vat - 30_000, payments=(payment,)
        ),
        pay_url=f"https://pay.example/pay/{number:012}",
    )


HEAD = Letterhead(
    name="Shapla Net Ltd.",
    company="Shapla Net Ltd.",
    address="House 27, Road 11, Mirpur, Dhaka 1216",
    phone="+880 9600 000100",
    tax_id="004567891-0101",
    colour="#0F6E63",
    footer="Valid without a signature",
    logo=StoredLogo("logos/bench.png", 256, 256),
)
WORDING = Wording("en", "BDT", "Asia/Dhaka")


def _logo() -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 20, 236, 236), fill=(15, 110, 99, 255))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


async def _ours(invoices: int, logo: bytes) -> tuple[float, float]:
    """CPU milliseconds an invoice in a rendering process, and how much it grew after the first hundred."""
    pool = Processes(
        size=1, time_limit_seconds=60, memory_bytes=1_024 * MEGABYTE, recycle_bytes=1_024 * MEGABYTE,
        jobs_a_process=10**9,
    )  # fmt: skip
    header = {
        "job": "document", "template": "invoice", "letterhead": dataclasses.asdict(HEAD), "language": "en",
        "paper": "A4", "currency": "BDT", "time_zone": "Asia/Dhaka",
    }  # fmt: skip

    async def render(number: int) -> None:
        await pool.run(header | {"command": invoice(number).model_dump(mode="json")}, [logo])

    for number in range(100):
        await render(number)
    process = psutil.Process(pool._idle[0].process.pid)
    before_bytes, spent = process.memory_info().rss, _cpu(process)
    for number in range(invoices):
        await render(number)
    milliseconds = (_cpu(process) - spent) / invoices * 1_000
    growth = process.memory_info().rss - before_bytes
    await pool.close()
    return milliseconds, growth


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _theirs(invoices: int, logo: bytes) -> float:
    """CPU milliseconds of all of Chromium's processes an invoice, once it is up and warm."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()

        def render(number: int) -> None:
            page.set_content(_standalone(invoice(number), logo), wait_until="load")
            page.pdf(format="A4", print_background=True, prefer_css_page_size=True)

        for number in range(5):
            render(number)
        spent = _chromium_cpu()
        for number in range(invoices):
            render(number)
        milliseconds = (_chromium_cpu() - spent) / invoices * 1_000
        browser.close()
    return milliseconds


def _started(logo: bytes) -> float:
    """CPU milliseconds an invoice where a Chromium is started for each."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "invoice.html")
        page.write_text(_standalone(invoice(1), logo))
        command = [CHROMIUM, "--headless", "--no-sandbox", f"--print-to-pdf={folder}/x.pdf", page.as_uri()]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(ROUNDS):
            subprocess.run(command, capture_output=True, check=True, timeout=120)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent / ROUNDS * 1_000


def _chromium_cpu() -> float:
    """CPU seconds of Chromium's processes that live; one that ends meanwhile is in Chromium's favour."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            seconds += _cpu(process) if "chrom" in process.name() else 0.0
    return seconds


def _standalone(command: RenderDocument, logo: bytes) -> str:
    """The very page that we render, with its style sheets and pictures inside."""
    view = views.invoice(command, HEAD, WORDING, "A4")
    markup = Sheets().page("invoice", view, "A4")
    css = "".join((TEMPLATES / f"{name}.css").read_text() for name in ("sheet", "paper-a4"))
    for name, content in ((view["logo"], logo), (view["qr"], qr_code(command.pay_url or ""))):
        markup = markup.replace(name, "data:image/png;base64," + base64.b64encode(content).decode())
    return "<!doctype html>" + markup.replace("</head>", f"<style>{css}</style></head>")


def _costs(logo: bytes) -> list[Row]:
    """What tags and PDF/A add, in this process, the best of some rounds."""
    sheets = Sheets()
    view = views.invoice(invoice(1), HEAD, WORDING, "A4")
    markup = sheets.page("invoice", view, "A4")
    document = sheets._laid_out(markup, "A4", HEAD.colour, {LOGO: logo})
    plain = _best(lambda: document.write_pdf(cache=sheets.images))
    full = _best(lambda: sheets._written(document))
    layout = _best(lambda: sheets._laid_out(markup, "A4", HEAD.colour, {LOGO: logo}))
    share = (full - plain) / (layout + full)
    return [
        Row(
            "tags (PDF/UA) and PDF/A-3u, of the time of a document",
            f"{share:.0%}: layout {layout:.0f} ms, writing {full:.0f} ms instead of {plain:.0f}",
            "≤ 10 %",
            reached=share <= 0.10,
        )
    ]


def _best(work: Callable[[], Any], times: int = 15) -> float:
    work()
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - started) / times * 1_000)
    return min(rounds)


def _joined(invoices: int, logo: bytes) -> Row:
    """As many copies of one invoice joined; each part is thrown away as if it were on disk."""
    content = (
        Sheets()
        .make("invoice", views.invoice(invoice(1), HEAD, WORDING, "A4"), paper="A4", pictures={LOGO: logo})
        .content
    )
    sink = io.BytesIO()
    joined = PrintFile(sink)
    peaks, seconds = [], []
    while joined.pages < invoices:
        started = time.process_time()
        joined.add(copy_pages([content] * 40, joined.next_number))
        sink.seek(0)
        sink.truncate()
        seconds.append((time.process_time() - started) / 40)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return Row(
        f"joining {joined.pages:,} invoices into one print file",
        f"{statistics.median(seconds) * 1_000:.1f} ms of CPU an invoice, peak {peaks[-1] - peaks[0]:+.1f} MB",
        "flat in memory",
    )
