"""Values that no organisation can mean are found before a profile is in force, each with its key."""

import pytest

from escucha.console.profile_check import problems_in
from escucha.console.templates_check import wrong_with
from escucha.contexts.cases.policy import CasesPolicy, blockers_to_classify_in, blockers_to_publish_for
from tests.profiles.folders import BY_NAME, DAY, copied, rewritten, spoiled

LADDER = 'step = "tell_director", spent = 1.1'
CONTACT = "attempts = 3, notice_days = 5"
STAGES = '{ by = "unit", days = 5 }, { by = "central", days = 2 }'
DAYS = "classification_days"
NOTICE = "contact.notice_days"


def found(folder) -> list[str]:
    return [str(problem) for problem in problems_in(folder, on=DAY)]


@pytest.mark.requirement("MORE-02.2")
@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('series = "PQR"', 'series = "P"', "[cases.series]: la serie lleva de 2 a 8 letras"),
        ('series = "PQR"', 'series = "PQR2"', "[cases.series]"),
        ('series = "PQR"', "series = 7", "[cases.series]"),
        (f"{DAYS} = 1", f"{DAYS} = 0", f"[cases.{DAYS}]: escriba cuántos días hábiles"),
        (f"{DAYS} = 1", f"{DAYS} = 1.5", f"[cases.{DAYS}]"),
        (f"{DAYS} = 1", f'{DAYS} = "1"', f"[cases.{DAYS}]"),
        (f"{DAYS} = 1", f"{DAYS} = 10", "no cabe en el plazo legal de «informacion»: 10 días hábiles"),
        (CONTACT, "attempts = 0, notice_days = 5", "[cases.contact.attempts]: escriba cuántos intentos, de 1 a 10"),
        (CONTACT, "attempts = 99, notice_days = 5", "[cases.contact.attempts]"),
        (CONTACT, "attempts = true, notice_days = 5", "[cases.contact.attempts]"),
        (CONTACT, "attempts = 3, notice_days = 4", f"[cases.{NOTICE}]: El aviso debe quedar publicado al menos 5 días"),
        (CONTACT, "attempts = 3, notice_days = 900", f"[cases.{NOTICE}]"),
        ("check = true", 'check = "no"', "[cases.check]: escriba true o false"),
        (LADDER, 'step = "remind_owner", spent = 1.1', "[cases.ladder]: dos pasos tienen el mismo nombre"),
        (LADDER, 'step = "tell_director", spent = 10.5', "[cases.ladder]: tell_director queda muy lejos"),
        (LADDER, 'step = "tell_director", spent = nan', "[cases.ladder]: tell_director queda muy lejos"),
        (LADDER, 'step = "tell_director", minutes_after = 999999', "[cases.ladder]: tell_director queda muy lejos"),
        (LADDER, 'step = "Avisar ya", spent = 1.1', "[cases.ladder]: el nombre Avisar ya"),
        (STAGES, '{ by = "unit", days = -5 }, { by = "central", days = 2 }', ".promise]: cada parte de la promesa"),
        (STAGES, '{ by = "unit", days = 2.5 }', ".promise]: cada parte de la promesa dura"),
        (STAGES, '{ by = "unit", days = "5" }', ".promise]: cada parte de la promesa dura"),
        (STAGES, '{ by = "unit", days = 0 }', "profile.toml [cases]"),
        (STAGES, '{ by = "central", days = 2 }, { by = "unit", days = 5 }', ".promise]: primero la dependencia"),
        (STAGES, '{ by = "unit", days = 2 }, { by = "unit", days = 5 }', ".promise]: primero la dependencia"),
        ('label = "Queja"', 'label = " "', "[cases.types.queja.label]"),
        ("oklch(0.43 0.07 72)", "oklch(0.98 0.07 72)", "[organisation.accent]: escriba un color que se lea"),
        ("oklch(0.43 0.07 72)", "oklch(0.43 0.07 720)", "[organisation.accent]"),
        ('short_name = "Cafetal"', 'short_name = "Ca\\nfetal"', "[organisation.short_name]: escríbalo en una línea"),
        ("escucha@cafetal.example.org", "cafetal", "[organisation.email]: escriba un correo"),
        ("sample = true", 'sample = "sí"', "[organisation.sample]: escriba true o false"),
        ("valid_from = 2025-01-01T00:00:00-05:00", 'valid_from = "mañana"', "[organisation.valid_from]"),
        ("[roles.staff]", "[roles.'Personal nuevo']", "[roles.Personal nuevo]: la clave lleva minúsculas"),
        ("central = true", 'central = "sí"', "[units.atencion.central]: escriba true o false"),
        ("[calendar.hours]", '[calendar.hours]\nsun = ["08:00-12:00", "11:00-15:00"]', "sun]: dos jornadas se cruzan"),
        ("[calendar]\n", '[calendar]\nzone = "America/Ninguna"\n', "[calendar.zone]: no existe esa zona"),
        ("[calendar]\n", '[calendar]\nzone = "America"\n', "[calendar.zone]: no existe esa zona"),
        ("[cases]", "[[cases]]", "profile.toml [cases]"),
        ("[units]\n", "[units]\nluna = 5\n", "profile.toml [units]: no tiene la forma que se espera"),
    ],
)  # fmt: skip
def test_each_is_found_with_its_key(tmp_path, before, after, line):
    folder = copied("cafetal", tmp_path)
    rewritten(folder / "profile.toml", before, after)
    assert any(line in one for one in found(folder)), found(folder)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CONTACT, "attempts = 1, notice_days = 6"),
        (f"{DAYS} = 1", f"{DAYS} = 2"),
        (LADDER, 'step = "tell_director", spent = 10'),
        (LADDER, 'step = "tell_director", minutes_before = 0'),
        ('series = "PQR"', 'series = "PQ"'),
        ("oklch(0.43 0.07 72)", "oklch(0.55 0.2 360)"),
    ],
)
def test_what_an_organisation_may_say_is_let_through(tmp_path, before, after):
    folder = copied("cafetal", tmp_path)
    rewritten(folder / "profile.toml", before, after)
    assert found(folder) == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("to = 2025-12-31", "to = 2025-12-01", "[calendar.closures]: el cierre de 2025-12-29 termina antes"),
        ("to = 2026-12-31", "to = 2027-12-31", "[calendar.closures]: en 2027 cierra 365 días: hasta 120"),
        ('act = "Resolución interna 214 de 2025, cierre de fin de año"', 'act = ""', "[calendar.closures]: diga qué"),
    ],
)
def test_an_absurd_closure_is_found(tmp_path, before, after, line):
    folder = copied("corrioverde", tmp_path)
    rewritten(folder / "profile.toml", before, after)
    assert any(line in one for one in found(folder)), found(folder)


def test_an_office_that_never_opens_is_found(tmp_path):
    folder = copied("cafetal", tmp_path)
    rewritten(folder / "profile.toml", "[calendar]", '[calendar]\nweekend = ["mon", "tue", "wed", "thu", "fri", "sat"]')
    assert any("no hay ni un día con horas" in one for one in found(folder))


@pytest.mark.parametrize("name", ["Cafetal", "caja cafetal", "-cafetal", "a" * 41, "café"])
def test_a_folder_that_can_be_no_host_is_found(tmp_path, name):
    folder = copied("cafetal", tmp_path).rename(tmp_path / name)
    assert any("la carpeta da su nombre al sitio" in one for one in found(folder))


class TestTheLaw:
    @pytest.mark.requirement("MORE-02.3")
    def test_a_notice_of_fewer_days_names_the_article(self):
        pack = BY_NAME["cafetal"].pack
        [why] = blockers_to_publish_for(4, pack=pack, on=DAY)
        assert why.endswith("al menos 5 días hábiles (Ley 1437 de 2011, art. 69).")
        assert not blockers_to_publish_for(5, pack=pack, on=DAY)

    @pytest.mark.parametrize(("days", "fewest"), [(9, 0), (10, 1), (15, 6)])
    def test_days_to_classify_leave_time_to_answer_every_kind(self, days, fewest):
        profile = spoiled("cafetal", lambda raw: raw["cases"].update(classification_days=days))
        policy, bound = profile.section(CasesPolicy), profile.identity.bound
        blockers = blockers_to_classify_in(policy, pack=profile.pack, bound=bound, on=DAY)
        assert len(blockers) == fewest
        assert not blockers or any("«informacion»: 10 días hábiles (Ley 1755 de 2015" in why for why in blockers)


class TestTexts:
    @pytest.mark.parametrize("odd", ["{number:>999999999}", "{number!r}", "{number:{contact_code}}"])
    def test_a_name_in_braces_wears_no_format(self, odd):
        text = f"Asunto: Hay respuesta\n\n{odd} {{answer_url}}"
        assert "escriba {number} sin formato: entre llaves va solo el nombre" in wrong_with("answer_ready", text)

    def test_plain_names_are_well(self):
        assert wrong_with("answer_ready", "Asunto: {number}\n\nHola, {name}: {answer_url}") == []
