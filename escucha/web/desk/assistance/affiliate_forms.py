"""The forms about affiliates. They never save."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.importing.asking import ACTIVE, INACTIVE, MOST_OCTETS
from escucha.contexts.documents.rules.taking import megabytes
from escucha.web.desk.forms import offer
from escucha.web.desk.receiving.forms import Day

ONLY_GOOD, ALL_OR_NOTHING = "buenas", "todo"
WAYS = {
    ONLY_GOOD: _("Importar las filas buenas y listar las demás"),
    ALL_OR_NOTHING: _("Si una sola fila está mal, no importar ninguna"),
}
MISSING_STAY, MISSING_END = "siguen", "terminan"
MISSING = {
    MISSING_STAY: _("Siguen como están: el archivo trae solo novedades"),
    MISSING_END: _("Quedan inactivos: el archivo trae la base completa"),
}


class NewImport(forms.Form):
    """A file and whose it is."""

    account = forms.ChoiceField(label=_("Cuenta del cliente"))
    file = forms.FileField(
        label=_("Archivo de afiliados"),
        error_messages={
            "required": _("Elija el archivo que envió el cliente."),
            "empty": _("El archivo está vacío: ábralo para ver si se guardó bien y elíjalo otra vez."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV o libro de Excel (.xlsx), con los títulos en la primera fila. Hasta {size}.").format(
            size=megabytes(MOST_OCTETS)
        ),
    )

    def __init__(self, *args: Any, policy: AssistancePolicy, **kwargs: Any):
        super().__init__(*args, **kwargs)
        accounts = [(one.key, one.label) for one in policy.accounts]
        choose = [("", _("Escoja una"))] if len(accounts) > 1 else []
        offer(self, "account", [*choose, *accounts])

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_OCTETS:
            raise forms.ValidationError(_("Pesa más de {size}. Divídalo.").format(size=megabytes(MOST_OCTETS)))
        return file


class Confirmation(forms.Form):
    """What is done with the bad rows, and with whom the file does not bring."""

    bad_rows = forms.ChoiceField(
        label=_("Si hay filas con errores"), choices=[*WAYS.items()], widget=forms.RadioSelect, initial=ONLY_GOOD
    )
    missing = forms.ChoiceField(
        label=_("Los afiliados de la cuenta que no están en el archivo"),
        choices=[*MISSING.items()],
        widget=forms.RadioSelect,
        initial=MISSING_STAY,
    )


class Verification(forms.Form):
    """What the client said of somebody that was registered by hand."""

    answer = forms.ChoiceField(
        label=_("¿El cliente lo reconoce?"),
        choices=[("yes", _("Sí: queda activo")), ("no", _("No: queda inactivo"))],
        widget=forms.RadioSelect,
    )
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    since_on = Day(label=_("Desde"))
    until_on = Day(label=_("Hasta"))

    def __init__(self, *args: Any, policy: AssistancePolicy, account: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        plans = [(one.key, one.label) for one in policy.plans_of(account)]
        offer(self, "plan", [("", _("Sin plan")), *plans])


class Correction(forms.Form):
    status = forms.ChoiceField(choices=[(ACTIVE, ""), (INACTIVE, "")])
