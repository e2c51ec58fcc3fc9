"""Which files are taken and which are served, and how long until the scanner is asked again."""

from collections.abc import Sequence
from datetime import timedelta
from fnmatch import fnmatchcase

from escucha.contexts.documents.policy import MEGABYTE, DocumentsPolicy
from escucha.contexts.documents.rules.naming import ending_of
from escucha.kernel.words import Saying, _

# States by name: the table keeps them as these words.
WAITING, CLEAN, INFECTED, UNSCANNED = "waiting", "clean", "infected", "unscanned"
PROGRAM, KIND, SIZE, MANY = "program", "kind", "size", "many"
MOST_OF_A_LETTER = 50
LEFT_OUT = {
    PROGRAM: _("Es un programa, y no recibimos programas."),
    KIND: _("No recibimos archivos de esa clase."),
    SIZE: _("Pesa más de {limit}."),
    MANY: _("El correo trae más de {most}: se toman los primeros."),
}


def blockers_to_keep(*, kind: str, said: str, name: str, policy: DocumentsPolicy) -> Sequence[Saying]:
    """Why a file may not be taken, in words for who sends it. `said` is its name as it came, `name` the safe one."""
    wrong = _odd_kind(kind, said, policy)
    if wrong == PROGRAM:
        text = _("No recibimos programas: «{name}» lo es. Envíe en su lugar una foto o un PDF de lo que muestra.")
        return [Saying(text, {"name": name})]
    if wrong == KIND:
        text = _("No recibimos archivos como «{name}». Envíelo como PDF o como foto.")
        return [Saying(text, {"name": name})]
    return []


def why_left_out(*, kind: str, said: str, size: int, place: int, policy: DocumentsPolicy) -> str:
    """Why what a letter brings in a place, from 1, is not taken; empty where it is."""
    if place > MOST_OF_A_LETTER:
        return MANY
    return SIZE if size > policy.max_bytes else _odd_kind(kind, said, policy)


def left_out_in_words(why: str, policy: DocumentsPolicy) -> Saying:
    return Saying(LEFT_OUT[why], {"limit": megabytes(policy.max_bytes), "most": MOST_OF_A_LETTER})


def too_big(*, name: str, limit: int) -> Saying:
    text = _("«{name}» pesa más de {limit}. Envíe una copia más liviana o divídalo en partes.")
    return Saying(text, {"name": name, "limit": megabytes(limit)})


def megabytes(size: int) -> str:
    """`25 MB`, `1,2 MB`, `340 KB`: how a size is said."""
    if size >= MEGABYTE:
        said = f"{size / MEGABYTE:.1f}".replace(".", ",").removesuffix(",0")
        return f"{said} MB"
    return f"{max(1, round(size / 1024))} KB" if size else "0 KB"


def blockers_to_download(*, state: str, serve_unscanned: bool, reserved: bool, has_copy: bool) -> Sequence[str]:
    """Why a file may not be downloaded now."""
    if state == INFECTED:
        return [_("El antivirus encontró algo dañino en este archivo.")]
    if state == WAITING:
        return [_("El antivirus todavía lo está revisando. Vuelva en unos minutos.")]
    if state == UNSCANNED and not serve_unscanned:
        return [_("Ningún antivirus lo ha revisado todavía.")]
    if reserved and not has_copy:
        return [_("Es reservado y no tiene copia sin datos ocultos: solo se abre su original, y queda escrito quién.")]
    return []


def blockers_to_unseal(*, state: str) -> Sequence[Saying]:
    """Why the bytes of a reserved file, as they were received, may not be opened by anybody."""
    if state not in (CLEAN, UNSCANNED):
        return [Saying(_("El antivirus no ha dicho que este archivo se pueda abrir."))]
    return []


def wait_to_look(looks: int) -> timedelta:
    """One minute, two, four… an hour at most. A parked file is never given up."""
    return timedelta(minutes=min(60, 2 ** min(looks - 1, 10)))


def _odd_kind(kind: str, said: str, policy: DocumentsPolicy) -> str:
    if ending_of(said) in policy.refused_endings or _is_any(kind, policy.refused_kinds):
        return PROGRAM
    return KIND if policy.kinds and not _is_any(kind, policy.kinds) else ""


def _is_any(kind: str, kinds: Sequence[str]) -> bool:
    return any(fnmatchcase(kind, one) for one in kinds)
