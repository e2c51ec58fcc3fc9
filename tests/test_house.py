"""The house: what the import linter cannot see.

Each rule is a function that returns what breaks it, so that the last class can show that every alarm rings.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "escucha"
WEB = HOUSE / "web"

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
FLOORS = [
    [room.strip() for room in layer.split("|")]
    for contract in ("kernel", "contexts")
    for layer in reversed(CONTRACTS[contract]["layers"])
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

LIMITS = {".py": 400, ".html": 200, ".css": 300, ".js": 200}
DRAWERS = {"utils", "helpers", "common", "misc", "base", "services", "managers", "handlers"}
WRITES = {
    *("objects", "_default_manager", "save", "delete"),
    *("bulk_create", "bulk_update", "get_or_create", "update_or_create", "select_for_update"),
}
# What is read of a page at once, be it ready or not; Playwright's `expect` waits for it.
AT_ONCE = {
    *("is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "is_editable"),
    *("all_inner_texts", "all_text_contents"),
}
OF_A_FIELD = {"input_value", "inner_text", "inner_html", "text_content", "get_attribute"}
LIBRARY_TEMPLATES = {"account", "mfa", "allauth", "socialaccount"}  # pages that a library asks for by its own name


def _written_by_us(*suffixes: str) -> list[Path]:
    return sorted(p for p in HOUSE.rglob("*") if p.suffix in suffixes and "migrations" not in p.parts)


CODE = _written_by_us(".py")
TABLES = sorted((m for m in apps.get_models() if m.__module__.startswith("escucha.")), key=lambda m: m._meta.label)
TABLE_NAMES = {(table.__module__, table.__name__) for table in TABLES}

every_file = pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.label)


class TestTables:
    @every_table
    def test_stand_in_a_room_of_the_kernel_or_a_context(self, table):
        assert table._meta.app_label in LEVEL

    @every_table
    def test_have_foreign_keys_that_point_down_and_leave_no_way_back(self, table):
        assert not upward_arrows(table)

    @every_table
    def test_declare_their_personal_data(self, table):
        assert not undeclared_personal_data(table)

    @every_table
    def test_have_no_order_of_their_own_and_no_logic_in_saving(self, table):
        assert not table._meta.ordering
        assert "save" not in vars(table)

    def test_are_what_their_migrations_make(self):
        with override(None):  # migrations are written without translation
            loader = MigrationLoader(None, ignore_no_migrations=True)
            made, wanted = loader.project_state(), ProjectState.from_apps(apps)
            detector = MigrationAutodetector(made, wanted, NonInteractiveMigrationQuestioner())
            changes = detector.changes(graph=loader.graph)
        ours = {table._meta.app_label for table in TABLES}
        missing = {label: migrations for label, migrations in changes.items() if label in ours}
        assert not {
            label: [str(op) for m in migrations for op in m.operations] for label, migrations in missing.items()
        }


class TestRooms:
    @every_file
    def test_only_a_room_reads_and_writes_its_own_tables(self, path):
        assert not visits_to_foreign_tables(path.read_text(), _room_of(path))

    @every_file
    def test_only_a_room_writes_sql_about_its_own_tables(self, path):
        foreign = {table._meta.db_table for table in TABLES if _room(table.__module__) != _room_of(path)}
        assert not sql_about(path.read_text(), foreign)

    def test_files_stay_small(self):
        sizes = {path: path.read_text().count("\n") for path in _written_by_us(*LIMITS)}
        assert not [f"{path} has {lines} lines" for path, lines in sizes.items() if lines > LIMITS[path.suffix]]

    def test_there_are_no_drawers_of_odds_and_ends(self):
        assert not [path for path in CODE if path.stem in DRAWERS]

    def test_no_organisation_is_named_in_the_code(self):
        slugs = [file.parent.name for file in (ROOT / "profiles").glob("*/profile.toml")]
        assert slugs
        files = _written_by_us(".py", ".html", ".css", ".js", ".sql", ".typ")
        assert not [path for path in files if named_in(path.read_text(), slugs)]


class TestWeb:
    @pytest.mark.parametrize(
        "path",
        [p for p in CODE if WEB in p.parents and p.name != "storage.py"],  # which saves files of styles, not rows
        ids=lambda p: str(p.relative_to(WEB)),
    )
    def test_never_writes(self, path):
        assert not writes_in(path.read_text())

    def test_templates_stay_in_their_face(self):
        faults = [
            f"{path.relative_to(WEB)} reaches into {face}"
            for path in _written_by_us(".html")
            for face in faces_reached_from_template(path.read_text()) - _own_templates(path)
        ]
        assert not faults

    def test_views_show_templates_of_their_own_face(self):
        faults = [
            f"{path.relative_to(WEB)} shows a page of {face}"
            for path in CODE
            if WEB in path.parents
            for face in faces_shown_by_code(path.read_text()) - _own_templates(path)
        ]
        assert not faults

    def test_every_template_stands_in_a_folder_with_the_name_of_its_face(self):
        assert not [
            path
            for path in _written_by_us(".html")
            if (inside := path.relative_to(WEB).parts)[2] not in {inside[0], "cotton", *LIBRARY_TEMPLATES}
        ]

    def test_every_view_declares_who_may_enter(self):
        views = dict(_views(get_resolver().url_patterns))
        assert views
        assert not undeclared_entries(views)


def upward_arrows(table: type[Model]) -> Sequence[str]:
    """A foreign key named by string, and its reverse accessor, are arrows that no import shows."""
    here, faults = table._meta.app_label, []
    for field in (*table._meta.fields, *table._meta.many_to_many):
        there = field.related_model._meta.app_label if field.is_relation and field.related_model else here
        if there in LEVEL and there != here:
            arrow = f"{table._meta.label}.{field.name} -> {there}"
            faults += [f"{arrow} points up"] if LEVEL[there] >= LEVEL[here] else []
            faults += [] if field.remote_field and field.remote_field.hidden else [f'{arrow} needs related_name="+"']
    return faults


def undeclared_personal_data(table: type[Model]) -> Sequence[str]:
    """What is wrong with the tuple of columns that say something of a person."""
    declared = getattr(table, "personal_data", None)
    if not isinstance(declared, tuple):
        return ["personal_data is not declared: an empty tuple says that there is none"]
    columns = {field.name for field in (*table._meta.fields, *table._meta.many_to_many)}
    return [f"{name} is no column" for name in declared if name not in columns]


def visits_to_foreign_tables(source: str, room: str) -> Sequence[str]:
    """Anyone above may name a table in a signature; only its own room may make its rows or query it."""
    tree, faults, foreign = ast.parse(source), [], set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if _room(module) != room:
                if module.startswith("escucha.") and "models" in {name.name for name in names}:
                    faults.append(f"line {node.lineno}: name the class, not the module")
                foreign |= {name.asname or name.name for name in names if (module, name.name) in TABLE_NAMES}
            case ast.Import(names=names) if any(re.match(r"escucha\..*\.models$", name.name) for name in names):
                faults.append(f"line {node.lineno}: name the class, not the module")
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Attribute(value=ast.Name(id=name), attr="objects"):
                faults += [f"line {node.lineno}: ask the queries or operations of {name}"] if name in foreign else []
    return faults


def sql_about(source: str, tables: Iterable[str]) -> Sequence[str]:
    """The tables that a statement written by hand reads or writes."""
    named = re.compile(rf'\b(?:from|join|into|update|table|only)\s+"?({"|".join(sorted(tables))})\b', re.IGNORECASE)
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return [found for text in texts if isinstance(text, str) for found in named.findall(text)]


def asked_at_once(source: str) -> list[str]:
    """Where a test says something of a page without waiting for it: right on a fast machine, and now and then wrong."""
    tree = ast.parse(source)
    asserted = {each for one in ast.walk(tree) if isinstance(one, ast.Assert) for each in ast.walk(one)}
    return [
        f"line {node.lineno}: {node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (node.attr in AT_ONCE or (node.attr in OF_A_FIELD and node in asserted))
    ]


def writes_in(source: str) -> Sequence[str]:
    return [
        f"line {node.lineno}: {node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in WRITES
    ]


def named_in(text: str, slugs: Sequence[str]) -> bool:
    return bool(re.search(rf"\b({'|'.join(slugs)})\b", text, re.IGNORECASE))


def faces_reached_from_template(text: str) -> set[str]:
    return set(re.findall(r"{%-?\s*(?:extends|include)\s+[\"']([^/\"']+)/", text))


def faces_shown_by_code(source: str) -> set[str]:
    """The folders of the templates named anywhere in a file of code."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return {
        text.split("/")[0] for text in texts if isinstance(text, str) and re.fullmatch(r"\w[\w/.-]*/\S+\.html", text)
    }


def undeclared_entries(views: dict[str, object]) -> Sequence[str]:
    """Our views that no decorator of access has marked. Those of libraries stand behind their own rules."""
    ours = {route: view for route, view in views.items() if str(view.__module__).startswith("escucha.")}
    return [f"{route or '/'}: {view}" for route, view in ours.items() if not getattr(view, "entry", None)]


def _views(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from _views(pattern.url_patterns, route)


def _room(module: str) -> str:
    """`escucha.contexts.cases.queries` stands in `escucha.contexts.cases`."""
    return ".".join(module.split(".")[:3])


def _room_of(path: Path) -> str:
    return _room(".".join(path.relative_to(ROOT).with_suffix("").parts))


def _own_templates(path: Path) -> set[str]:
    return {path.relative_to(WEB).parts[0], "ui", *LIBRARY_TEMPLATES}


class TestTests:
    def test_wait_for_what_they_say_of_a_page(self):
        hasty = {path: asked_at_once(path.read_text()) for path in sorted((ROOT / "tests").rglob("*.py"))}
        assert {str(path): faults for path, faults in hasty.items() if faults} == {}


class TestTheAlarmsRing:
    """A rule that cannot fail protects nothing."""

    def test_for_arrows(self):
        below, above = _a_table("people"), _a_table("cases")
        assert upward_arrows(_a_table("people", to=above, hidden=True)) == ["people.T.key -> cases points up"]
        assert upward_arrows(_a_table("cases", to=below, hidden=False)) == [
            'cases.T.key -> people needs related_name="+"'
        ]
        assert not upward_arrows(_a_table("cases", to=below, hidden=True))
        assert not upward_arrows(_a_table("cases", to=_a_table("auth"), hidden=False))

    def test_for_personal_data(self):
        assert undeclared_personal_data(_a_table("people"))
        assert undeclared_personal_data(_a_table("people", personal_data=("nothing",))) == ["nothing is no column"]
        assert not undeclared_personal_data(_a_table("people", personal_data=()))

    @pytest.mark.parametrize(
        ("source", "faults"),
        [
            ("from escucha.contexts.people.models import Person\nPerson.objects.get()", 1),
            ("from escucha.contexts.people.models import Person as P\nP(name='x')", 1),
            ("from escucha.contexts.people import models", 1),
            ("import escucha.contexts.people.models", 1),
            ("from escucha.contexts.people.models import Person\ndef of(person: Person) -> None: ...", 0),
            ("from escucha.contexts.cases.models import Case\nCase.objects.get()", 0),
            ("from escucha.kernel.commitments.models import Outcome\nOutcome('met')", 0),
            ("from django.db import models\nmodels.Model()", 0),
        ],
    )
    def test_for_visits(self, source, faults):
        assert len(visits_to_foreign_tables(source, "escucha.contexts.cases")) == faults

    def test_for_statements(self):
        tables = ["people_person", "cases_case"]
        assert sql_about('run("select 1 from people_person p JOIN cases_case c")', tables) == tables
        assert not sql_about('run("select 1 from people_persona"); x = "people_person"', tables)

    def test_for_writing(self):
        assert writes_in("case.save()\nCase.objects.all()") == ["line 1: save", "line 2: objects"]
        assert not writes_in("answer_case(number=number)")

    def test_for_haste(self):
        hasty = "assert field.input_value() == ''\nif form.is_visible():\n    pass"
        assert sorted(asked_at_once(hasty)) == ["line 1: input_value", "line 2: is_visible"]
        assert not asked_at_once("expect(field).to_have_value('')\nsecret = page.locator('code').inner_text()")

    def test_for_names(self):
        assert named_in("Bienvenida a Ejemplar", ["ejemplar", "otra"])
        assert not named_in("unas casas ejemplares", ["ejemplar", "otra"])

    def test_for_templates(self):
        text = "{% extends \"ui/base.html\" %}{%- include 'desk/cases/row.html' %}{% include name %}"
        assert faces_reached_from_template(text) == {"ui", "desk"}
        assert faces_shown_by_code('render(request, "desk/cases/show.html")') == {"desk"}

    def test_for_doors(self):
        def open_view() -> None: ...

        def marked_view() -> None: ...

        def view_of_a_library() -> None: ...

        open_view.__module__ = marked_view.__module__ = "escucha.web.desk.cases"
        view_of_a_library.__module__ = "allauth.account.views"
        marked_view.entry = "cases.answer"
        views = {"casos/": open_view, "firma/": marked_view, "entrar/": view_of_a_library}
        assert [fault.split(":")[0] for fault in undeclared_entries(views)] == ["casos/"]


def _a_table(room: str, *, to: object = None, hidden: bool = True, **declared: object) -> object:
    """As much of a table as the rules look at."""
    key = SimpleNamespace(
        name="key", is_relation=to is not None, related_model=to, remote_field=SimpleNamespace(hidden=hidden)
    )
    meta = SimpleNamespace(app_label=room, label=f"{room}.T", fields=[key], many_to_many=[])
    return SimpleNamespace(_meta=meta, **declared)
