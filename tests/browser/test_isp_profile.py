"""Settings → ISP profile: inherited field by field, seen before it is saved, with a logo that is judged."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Stack, open_context, sign_in
from tests.browser.test_a_clerks_day import view


def picture(kind: str = "PNG") -> bytes:
    image = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(image).ellipse((10, 10, 90, 90), fill=(15, 110, 99))
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


def file(content: bytes, name: str = "logo.png") -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def _text(path: Path) -> str:
    return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(path))


def make_own(page: Page, name: str) -> None:
    if page.locator(f"button[name=change][value={name}]").count():
        page.locator(f"button[name=change][value={name}]").click()


def test_a_profile_is_seen_before_it_is_saved_and_shown_by_what_is_issued_then(
    admin: Page, stack: Stack
) -> None:
    admin.goto("/settings/isp-profile")
    expect(admin.locator(".preview-sheet")).to_be_visible()
    make_own(admin, "footer")
    expect(admin.locator("textarea[name=footer]")).to_be_visible()
    with admin.expect_response(lambda answer: answer.url.endswith("/isp-profile/preview")):
        admin.locator("textarea[name=footer]").fill("Thank you for a fast line")
    admin.locator("#logo").set_input_files(file(picture("WEBP")))
    expect(admin.locator("#logo-answer")).to_contain_text("It is a WebP file")
    admin.locator("#logo").set_input_files(file(picture()))
    expect(admin.locator(".test-result.is-good")).to_contain_text("Accepted.")
    expect(admin.locator("textarea[name=footer]")).to_have_value("Thank you for a fast line")
    admin.locator("label[for=sample-receipt]").click()
    admin.locator("#profile-form [data-desk-submit]").click()
    expect(admin.locator(".notice")).to_have_text("Saved.")
    expect(admin.locator(".logo-text")).to_contain_text("300 × 100")
    expect(admin.locator(".preview-sheet")).to_be_visible()
    with admin.expect_download() as sample:
        admin.get_by_role("link", name="Open as PDF").click()
    assert "a fast line" in _text(sample.value.path())


def test_a_picture_chosen_while_the_preview_is_on_its_way_is_judged_and_its_fault_stays_said(
    admin: Page, stack: Stack
) -> None:
    admin.goto("/settings/isp-profile")
    expect(admin.locator(".preview-sheet")).to_be_visible()
    make_own(admin, "footer")
    held: list[Route] = []
    admin.route("**/isp-profile/preview", lambda route: held.append(route), times=1)
    with admin.expect_request("**/isp-profile/preview"):
        admin.locator("textarea[name=footer]").fill("Thank you")
    with admin.expect_response("**/isp-profile/preview"):
        admin.locator("#logo").set_input_files(file(picture("WEBP")))
        held[0].continue_()
    expect(admin.locator("#logo-answer")).to_contain_text("It is a WebP file")
    with admin.expect_response("**/isp-profile/preview"):
        admin.locator("textarea[name=footer]").fill("Thank you again")
    expect(admin.locator(".preview-sheet")).to_be_visible()
    expect(admin.locator("#logo-answer")).to_contain_text("It is a WebP file")


def test_what_was_issued_before_keeps_what_it_showed(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 036"))
    with admin.expect_download() as saved:
        admin.locator(".row-pdf").click()
    assert "a fast line" not in _text(saved.value.path())


def test_a_profile_is_set_and_given_back_without_javascript(browser: Browser, stack: Stack) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.email, stack.password)
    page.goto("/settings/isp-profile")
    make_own(page, "phone")
    page.locator("input[name=phone]").fill("+880 9600 000100")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator(".preview-sheet")).to_be_visible()
    expect(page.locator("input[name=phone]")).to_have_value("+880 9600 000100")
    page.locator("#profile-form [data-desk-submit]").click()
    expect(page.locator(".notice")).to_have_text("Saved.")
    page.locator("button[name=give_back][value=phone]").click()
    page.locator("#profile-form [data-desk-submit]").click()
    expect(page.locator(".notice")).to_have_text("Saved.")
    expect(page.locator("#phone.inherited")).to_contain_text("not said")
    context.close()
