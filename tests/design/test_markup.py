"""Rules that every template keeps (UX G11, the content security policy) and the style guide's completeness."""

import re
from pathlib import Path

import pytest
from django.test import Client

from kernel.templatetags import spindel
from kernel.templatetags.spindel import nav_url

TEMPLATES = Path("templates")
FILES = sorted(TEMPLATES.rglob("*.html"))
COMPONENTS = TEMPLATES / "_components"

FORBIDDEN = {
    "inline style": r"\sstyle\s*=|<style\b",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "event attribute": r"\son[a-z]+\s*=",
    "hx-on": r"\shx-on",
    "script address": r"javascript:|hx-vals\s*=\s*[\"']js:|hx-headers\s*=\s*[\"']js:",
    "trigger filter": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "whole-site boosting": r"hx-boost",
}
# Drawn elsewhere than on the style guide: another shell, an answer to htmx, a state of the whole installation.
ELSEWHERE = {"plain_page.html", "toasts_swap.html", "banners.html"}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_templates_keep_the_policy(rule: str) -> None:
    broken = [str(path) for path in FILES if re.search(FORBIDDEN[rule], path.read_text(encoding="utf-8"))]
    assert broken == []


@pytest.mark.parametrize(
    ("rule", "markup"),
    [
        ("inline style", '<p style="color:red">'),
        ("inline script", "<script>go()</script>"),
        ("event attribute", '<a onclick="go()">'),
        ("hx-on", '<a hx-on:click="go()">'),
        ("trigger filter", '<p hx-trigger="every 5s [document.visibilityState]">'),
        ("whole-site boosting", '<body hx-boost="true">'),
    ],
)
def test_the_policy_sees(rule: str, markup: str) -> None:
    assert re.search(FORBIDDEN[rule], markup)


def test_icons_exist() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', Path("static/icons/sprite.svg").read_text(encoding="utf-8")))
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    asked = set(re.findall(r'{% icon "([^"]+)"', text)) | set(re.findall(r'icon_name(?:=|\|default:)"([^"]+)"', text))
    assert len(asked) > 20
    assert asked - drawn == set()


def test_the_shell_leads_only_to_pages_that_exist() -> None:
    """`nav_url` hides a link to a page that is not built yet; only those named here may still be missing."""
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    names = set(re.findall(r'{% nav_url [\'"]([a-z_:]+)[\'"] (?:as|%})', text))
    assert "coordination:queue" in names
    missing = {name for name in names if not nav_url(name)}
    assert missing <= {"accounts:profile", "accounts:settings"}


def test_the_guide_shows_every_component(client: Client) -> None:
    spindel._priority.cache_clear()  # drawn once for each language, perhaps by an earlier test
    response = client.get("/styleguide/")
    drawn = {Path(str(template.name)).name for template in response.templates if "_components" in str(template.name)}
    assert {path.name for path in COMPONENTS.glob("*.html")} - drawn - ELSEWHERE == set()


def test_the_readme_names_every_partial() -> None:
    """Those that a page includes itself; the shell's and those drawn by a tag are described with these."""
    text = (COMPONENTS / "README.md").read_text(encoding="utf-8")
    tags = {"sla", "promise", "priority", "badge", "person", "spark", "bars", "toasts", "toasts_swap"}
    shell = {"head", "shell_top", "shell_phone", "banners", "overlays", "plain_page"}
    shell |= {"form_fields", "field", "field_around"}
    named = {path.stem for path in COMPONENTS.glob("*.html")} - tags - shell
    assert {stem for stem in named if f"`{stem}.html`" not in text} == set()


@pytest.mark.parametrize("language", ["en", "sv", "zh-hans"])
@pytest.mark.parametrize("query", ["", "?theme=dark&density=compact", "?sort=-due&col=number&col=title"])
def test_the_guide_in_every_language(client: Client, language: str, query: str) -> None:
    response = client.get(f"/styleguide/{query}", headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
    assert response["Content-Security-Policy"].count("'self'") >= 2


def test_ids_are_unique(client: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get("/styleguide/").content.decode())
    assert [each for each in set(ids) if ids.count(each) > 1] == []
