"""Style sheets, scripts and drawings: what must hold of all of them."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from escucha.web.ui.storage import join

UI = Path(__file__).parents[3] / "escucha" / "web" / "ui"
STATIC = UI / "static" / "ui"
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
SHEETS = sorted(STATIC.glob("*.css"))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_name_no_ids_and_force_nothing(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", text)
    assert not re.search(r"#[a-zA-Z]", selectors)
    assert "!important" not in text and "text-transform" not in text
    assert path.name == "layers.css" or "@import" not in text


def test_every_style_sheet_is_in_its_layer_once():
    layers = (STATIC / "layers.css").read_text()
    assert sorted(re.findall(r'@import url\("([a-z]+\.css)"\) layer\(', layers)) == [
        path.name for path in SHEETS if path.name != "layers.css"
    ]


def test_dark_is_said_the_same_by_preference_and_by_choice():
    text = (STATIC / "dark.css").read_text()
    preferred, chosen = text.split(':root[data-theme="dark"] {', 1)
    tokens = re.compile(r"(--[\w-]+): ([^;]+);")
    assert tokens.findall(preferred) == tokens.findall(chosen)
    assert len(tokens.findall(chosen)) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(UI / "templates")))
def test_templates_carry_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    get_template(str(path.relative_to(UI / "templates")))


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    code = [*(UI.parent).rglob("*.html"), *(UI.parent).rglob("*.py")]
    named = {
        name
        for path in code
        for name in re.findall(r'{% icon "([\w-]+)"|(?<![:\w-])(?:icon|after)="([a-z][\w-]*)"', path.read_text())
        for name in name
        if name
    }
    assert named - drawn == set()
    assert {"log-in", "key", "lock", "eye", "mail", "message", "calendar", "user-check", "scale", "mark"} <= drawn


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_asked_for_by_a_page_and_say_what_they_do(path):
    text = path.read_text()
    assert text.startswith("// ")
    assert "innerHTML" not in text and "eval(" not in text and "import " not in text
    assert any(f"ui/{path.name}" in template.read_text() for template in TEMPLATES)


def test_the_published_sheet_is_one_and_keeps_its_layers():
    layers = (STATIC / "layers.css").read_text()
    joined = join(layers, lambda name: (STATIC / name).read_text())
    assert "@import" not in joined and joined.startswith("@layer reset, tokens, base, components, pages, utilities;")
    assert joined.count("@layer components {") == len(
        re.findall("layer.components.", (STATIC / "layers.css").read_text())
    )
    assert "@media screen {\n@layer tokens {" in joined
    assert joined.count("{") == joined.count("}")
