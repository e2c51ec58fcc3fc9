"""Every text that the code marks is said in English too, with the same values in it, and the pages show it."""

import ast
import html
import os
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from escucha.console.catalogues import compile_catalogues
from tests.make import a_case

ROOT = Path(__file__).parents[2]
CODE = ROOT / "escucha"
CATALOGUE = CODE / "locale" / "en" / "LC_MESSAGES" / "django.po"
FIELD = re.compile(r'(msg(?:id|str)(?:_plural|\[\d\])?) (".*")')
VALUE = re.compile(r"%\(\w+\)[a-z]|\{+[\w.]+(?::[^{}]*)?\}+")
BARE = re.compile(r"%[sdr]")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
SPOKEN_IN_SPANISH = "spanish.py strip.py strip_hours.py strip_words.py debts.py charts.py"
ONE_TEXT = 'msgid "{}"\nmsgstr "{}"\n\n'
PAGES = {
    "/": ["Tell us what happened.", "Follow my request", "Which days count", "Service to the public · Caja Cafetal"],
    "/radicar/": ["What happened, and what do you expect us to do?", "I am not sure", "If you send it today"],
    "recibo": ["We have received your request", "Your filing number", "What happens now", "The QR code opens a page"],
}


def entries(text):
    """The texts of a catalogue, each with its original, plural and translations by the names of the format."""
    found = []
    for block in text.split("\n\n"):
        entry, key = {}, ""
        for line in block.splitlines():
            if field := FIELD.fullmatch(line):
                key = field[1]
            if not line.startswith("#"):
                entry[key] = entry.get(key, "") + ast.literal_eval(field[2] if field else line)
        if entry.get("msgid"):
            found.append(entry)
    return found


def wrong_in(entry):
    """Why an entry is no translation of its text; nothing when it is."""
    said = {key: text for key, text in entry.items() if key.startswith("msgstr")}
    whole = [key for key in said if key != "msgstr[0]"]  # the singular may say its number as a word
    original = entry.get("msgid_plural", entry["msgid"])
    if not all(text.strip() for text in said.values()):
        return "empty"
    if any(values_in(said[key]) != values_in(original) for key in whole):
        return "other values"
    if values_in(said.get("msgstr[0]", ""))[0] - values_in(original)[0]:
        return "other values"
    if any(text.startswith("\n") != original.startswith("\n") for text in said.values()):
        return "other lines"
    return ""


def values_in(text):
    """The named values of a text, in whatever order, and those without a name in theirs."""
    return set(VALUE.findall(text)), BARE.findall(text)


def marked_in(path):
    """The texts that a module marks, also one inside an f-string or a condition, where xgettext does not look."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args)
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in MARKS:
            yield from texts_of(call.args[0])


def texts_of(node):
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return [one.value for one in branches if isinstance(one, ast.Constant) and isinstance(one.value, str)]


@pytest.fixture(scope="module")
def english():
    return entries(CATALOGUE.read_text())


@pytest.fixture(scope="module")
def script():
    loader = SourceFileLoader("messages", str(ROOT / "bin" / "messages"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class TestCatalogue:
    def test_says_every_text_with_the_same_values(self, english):
        assert len(english) > 1000
        assert {entry["msgid"]: why for entry in english if (why := wrong_in(entry))} == {}

    def test_has_every_text_that_the_code_marks(self, english):
        known = {entry["msgid"] for entry in english}
        missing = {text: path.name for path in CODE.rglob("*.py") for text in marked_in(path) if text not in known}
        assert missing == {}, "Ejecute make messages y traduzca lo nuevo."

    def test_has_nothing_guessed_and_nothing_left_over(self):
        text = CATALOGUE.read_text()
        assert "#~" not in text and "fuzzy" not in text

    @pytest.mark.parametrize(
        ("text", "said", "why"),
        [
            ("Faltan {count}", "{count} are missing", ""),
            ("Faltan {count}", "", "empty"),
            ("Faltan {count}", "{cuenta} are missing", "other values"),
            ("Faltan {count}", "Some are missing", "other values"),
            ("Hasta el %(day)s", "Until %(day)d", "other values"),
            ("De %d a %s", "To %s from %d", "other values"),
            ("\nAdiós", "Goodbye", "other lines"),
        ],
    )
    def test_alarm_rings(self, text, said, why):
        assert wrong_in({"msgid": text, "msgstr": said}) == why


class TestMaking:
    @pytest.fixture
    def house(self, tmp_path):
        code = tmp_path / "house"
        (code / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
        (code / "rules.py").write_text('SAID = _("Escriba la nota.")\n')
        (code / "page.html").write_text('{% load i18n %}{% translate "Se debe" %}\n')
        return code

    @pytest.fixture
    def made(self, script, house):
        """What is written for the house, after somebody translated one of its texts and another is gone."""
        [(path, text)] = script.written_anew(house).items()
        text = text.replace('msgid "Se debe"\nmsgstr ""', 'msgid "Se debe"\nmsgstr "Owed"')
        path.write_text(text + "\n" + ONE_TEXT.format("Escriba la nota", "Write the note").rstrip("\n") + "\n")
        return path

    def test_keeps_what_is_said_drops_what_is_gone_and_guesses_nothing(self, script, house, made):
        texts = {entry["msgid"]: entry["msgstr"] for entry in entries(script.written_anew(house)[made])}
        assert texts == {"Se debe": "Owed", "Escriba la nota.": ""}

    def test_check_tells_an_old_catalogue_until_it_is_written(self, script, house, made, capsys):
        assert script.check(script.written_anew(house)) == 1
        assert "make messages" in capsys.readouterr().out
        made.write_text(script.written_anew(house)[made])
        assert script.check(script.written_anew(house)) == 0
        (house / "rules.py").write_text('SAID = _("Escriba otra nota.")\n')
        assert script.check(script.written_anew(house)) == 1

    def test_leaves_the_folder_where_it_was(self, script, house):
        before, files = os.getcwd(), sorted(house.rglob("*"))
        script.written_anew(house)
        assert (os.getcwd(), sorted(house.rglob("*"))) == (before, files)

    def test_without_gettext_it_says_what_to_install(self, script, monkeypatch, capsys):
        monkeypatch.setenv("PATH", "")
        assert script.main(["--check"]) == 1
        assert "apt install gettext" in capsys.readouterr().err


class TestCompiling:
    @pytest.fixture
    def catalogue(self, tmp_path):
        path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True)
        path.write_text(ONE_TEXT.format("Se debe", "Owed"))
        return path

    def test_makes_what_changed_and_only_that(self, catalogue, tmp_path):
        compiled = catalogue.with_suffix(".mo")
        os.utime(catalogue, (1, 1))
        assert compile_catalogues([tmp_path])
        os.utime(compiled, (2, 2))
        compile_catalogues([tmp_path])
        assert compiled.stat().st_mtime == 2
        os.utime(catalogue, (3, 3))
        compile_catalogues([tmp_path])
        assert compiled.stat().st_mtime > 3
        assert b"Owed" in compiled.read_bytes()

    def test_refuses_a_text_with_other_values(self, catalogue, tmp_path, capfd):
        header = ONE_TEXT.format("", "Content-Type: text/plain; charset=UTF-8\\n")
        catalogue.write_text(header + "#, python-format\n" + ONE_TEXT.format("Faltan %(count)s", "%(cuenta)s missing"))
        with pytest.raises(CalledProcessError):
            compile_catalogues([tmp_path])
        assert not catalogue.with_suffix(".mo").exists()
        assert "count" in capfd.readouterr().err

    def test_without_gettext_texts_stay_in_spanish(self, catalogue, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", "")
        assert not compile_catalogues([tmp_path])
        assert not catalogue.with_suffix(".mo").exists()


class TestPages:
    @pytest.fixture(autouse=True)
    def compiled(self, settings, monkeypatch):
        """The catalogue of now, also where this process has read an older one."""
        assert compile_catalogues([CODE / "locale"])
        monkeypatch.setattr("gettext._translations", {})
        settings.LOCALE_PATHS = [CODE / "locale"]

    @pytest.fixture
    def visitor(self, client, cafetal, settings):
        settings.WHITENOISE_AUTOREFRESH = True  # nobody collected static files for the tests
        client.defaults["HTTP_HOST"] = "cafetal.localhost:8000"
        return client

    @pytest.fixture
    def addresses(self, cafetal):
        return {page: f"/recibo/{a_case(cafetal).receipt_code}/" if page == "recibo" else page for page in PAGES}

    @pytest.mark.parametrize("place", PAGES)
    def test_in_english_leave_no_text_of_the_interface_in_spanish(
        self, visitor, addresses, settings, english, cafetal, place
    ):
        inside = {text for name in SPOKEN_IN_SPANISH.split() for text in marked_in(CODE / "web" / "ui" / name)}
        inside |= set(texts_in(cafetal.profile.document))  # what the organisation wrote stays as it wrote it
        spanish = {
            entry["msgid"]
            for entry in english
            if entry["msgid"] != entry["msgstr" if "msgstr" in entry else "msgstr[1]"]
        }
        assert len(shown(visitor, addresses[place]) & (spanish - inside)) > 15
        settings.LANGUAGE_CODE = "en"
        said = shown(visitor, addresses[place])
        assert said & (spanish - inside) == set()
        assert [text for text in PAGES[place] if not any(text in one for one in said)] == []

    def test_in_english_keep_what_the_organisation_wrote(self, visitor, settings):
        settings.LANGUAGE_CODE = "en"
        said = shown(visitor, "/radicar/")
        assert "Felicitación" in said and "File a request · Caja Cafetal" in said

    def test_follow_the_reader_where_the_middleware_of_languages_is_on(self, visitor, settings):
        sessions = settings.MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware") + 1
        settings.MIDDLEWARE = [
            *settings.MIDDLEWARE[:sessions],
            "django.middleware.locale.LocaleMiddleware",
            *settings.MIDDLEWARE[sessions:],
        ]
        assert "Tell us what happened." in shown(visitor, "/", "en-GB,en;q=0.9")
        assert "Díganos qué pasó." in shown(visitor, "/", "es-CO,es;q=0.9")

    def test_are_spanish_for_everybody_as_installed(self, visitor):
        assert "Díganos qué pasó." in shown(visitor, "/", "en-GB,en;q=0.9")


def texts_in(written):
    """Every text of a profile, however deep."""
    if isinstance(written, str):
        yield written
    for part in written.values() if isinstance(written, dict) else written if isinstance(written, list) else ():
        yield from texts_in(part)


def shown(client, address, language=""):
    """What a page says: each stretch of text between two tags, and the labels for readers of screens."""
    page = client.get(address, headers={"accept-language": language}).content.decode()
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    texts = [*re.split(r"<[^>]+>", page), *re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]+)"', page)]
    return {html.unescape(" ".join(text.split())) for text in texts} - {""}
