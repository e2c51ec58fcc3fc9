"""Settings: one file. Everything that changes between machines comes from the environment."""

import hashlib
import os
import sys
import tempfile
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP

ROOT = Path(__file__).parents[1]
VAR = Path(os.environ.get("ESCUCHA_VAR", ROOT / "var")).resolve()
PROFILES = Path(os.environ.get("ESCUCHA_PROFILES", ROOT / "profiles"))

SAMPLE_PASSWORD = os.environ.get("ESCUCHA_SAMPLE_PASSWORD", "escucha-de-ejemplo")
DEBUG = os.environ.get("ESCUCHA_DEBUG") == "1"


def _secret() -> str:
    """The installation's secret: from the environment, or made once and kept beside the data."""
    if given := os.environ.get("ESCUCHA_SECRET"):
        return given
    file = VAR / "secret"
    if not file.exists():
        VAR.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)  # as console/private.py
        try:
            with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as made:
                made.write(os.urandom(40).hex())
        except FileExistsError:
            pass
    return file.read_text()


SECRET_KEY = _secret()
SECRET_KEY_FALLBACKS = [old for old in os.environ.get("ESCUCHA_OLD_SECRETS", "").split(",") if old]
ANCHOR_KEY = Path(os.environ.get("ESCUCHA_ANCHOR_KEY", VAR / "anchor.key"))
ANCHORS = Path(os.environ.get("ESCUCHA_ANCHORS", VAR / "anchors"))

ALLOWED_HOSTS = ["*"]  # the host picks the organisation in web/middleware.py; an unknown one is not found
LANDING_HOSTS = os.environ.get("ESCUCHA_LANDING_HOSTS", "localhost").split(",")
ADDRESS = os.environ.get("ESCUCHA_ADDRESS", f"http://{{host}}:{os.environ.get('ESCUCHA_PORT', '8000')}")
# Where pages hear of changes: on the next port here; in production beside the pages, by a proxy that leads /eventos/.
EVENTS = (
    os.environ.get("ESCUCHA_EVENTS")
    or os.environ.get("ESCUCHA_ADDRESS")
    or f"http://{{host}}:{int(os.environ.get('ESCUCHA_PORT', '8000')) + 1}"
)
BEHIND_TLS = ADDRESS.startswith("https:")
PROXIES = [ip_network(one.strip()) for one in os.environ.get("ESCUCHA_PROXIES", "").split(",") if one.strip()]


def _sample() -> bool:
    """Whether the example organisations, whose password everybody knows, are filled and shown.

    Said in the environment, it holds. Not said, they are only where nothing real can be: on this machine's own
    database and without TLS.
    """
    given = os.environ.get("ESCUCHA_SAMPLE", "")
    return given == "1" if given else not (BEHIND_TLS or os.environ.get("DATABASE_URL"))


SAMPLE = _sample()
PAGES = {  # where the links of messages lead; web/urls.py mounts the same addresses, which a test holds equal
    "receipt": "/recibo/{code}/",
    "tracking": "/seguir/",
    "answer": "/respuesta/{token}/",
    "survey": "/encuesta/{code}/",
    "offer": "/oferta/{code}/",
    "work": "/trabajo/{code}/",
    "service": "/servicio/{code}/",
    "case": "/mesa/casos/{number}/",
    "reserved": "/mesa/reservados/",
    "texts": "/ganchos/sms/{gateway}/",
}
ROOT_URLCONF = "escucha.web.urls"
WSGI_APPLICATION = "escucha.wsgi.application"

RUN_ROLE, OWNER_ROLE = "escucha_run", "escucha_owner"


def _database() -> dict[str, object]:
    """The owner migrates; web and worker run as a role that owns nothing.

    With one address for both the run-time role is only asked for, and whoever injects SQL can put it off: `doctor`
    says so.
    """
    role = os.environ.get("ESCUCHA_DB_ROLE", "run")
    shared = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if url := os.environ.get("DATABASE_URL"):
        if role == "owner":
            url = os.environ.get("DATABASE_OWNER_URL") or url
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        host = options.pop("host", None) or unquote(parts.hostname or "")
        if role == "run" and unquote(parts.username or "") != RUN_ROLE:
            options["options"] = f"{options.get('options', '')} -c role={RUN_ROLE}".strip()
        return shared | {
            "NAME": parts.path.lstrip("/") or "escucha",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }
    folder = VAR / "pg" / "s"
    if len(str(folder)) + 20 > 100:
        folder = Path(tempfile.gettempdir()) / f"escucha-{hashlib.sha256(str(VAR).encode()).hexdigest()[:12]}"
    user = OWNER_ROLE if role == "owner" else RUN_ROLE
    return shared | {"NAME": "escucha", "USER": user, "HOST": str(folder), "PORT": "5432"}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_cotton",
    "django_htmx",
    "escucha.kernel.orgs",
    "escucha.kernel.timeline",
    "escucha.kernel.commitments",
    "escucha.contexts.people",
    "escucha.contexts.documents",
    "escucha.contexts.messaging",
    "escucha.contexts.cases",
    "escucha.contexts.assistance",
    "escucha.contexts.surveys",
    "escucha.flows",
    "escucha.web.ui",
    "escucha.web.public",
    "escucha.web.desk",
    "escucha.console",
    "allauth",  # after the desk, whose pages take the place of its own
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "escucha.web.middleware.Proxies",  # first: all the rest believes what it leaves
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "escucha.web.middleware.House",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.messages.context_processors.messages",
                "escucha.web.ui.context.house",
            ],
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True
COTTON_DIR = "cotton"
FORM_RENDERER = "escucha.web.ui.controls.Controls"

AUTH_USER_MODEL = "orgs.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/mesa/entrar/"
LOGIN_REDIRECT_URL = "/mesa/"
ACCOUNT_ADAPTER = "escucha.web.desk.signing_in.StaffOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the organisation, which answers for the address
ACCOUNT_LOGOUT_REDIRECT_URL = "/mesa/entrar/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": "100/m/ip", "login_failed": "30/m/ip,5/5m/key"}  # an office shares one address
ACCOUNT_FORMS = {
    "login": "escucha.web.desk.sign_in_forms.Entering",
    "reauthenticate": "escucha.web.desk.sign_in_forms.Confirming",
    "reset_password": "escucha.web.desk.sign_in_forms.AskingForReset",
    "reset_password_from_key": "escucha.web.desk.sign_in_forms.Resetting",
}
PASSWORD_RESET_TIMEOUT = 2 * 3600
MFA_ADAPTER = "escucha.web.desk.signing_in.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a telephone's clock is seldom exact, and typing takes a while
MFA_FORMS = {
    "authenticate": "escucha.web.desk.sign_in_forms.EnteringCode",
    "reauthenticate": "escucha.web.desk.sign_in_forms.ConfirmingCode",
    "activate_totp": "escucha.web.desk.sign_in_forms.Activating",
}
CACHES = {  # in the database: every process must count the same tries
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "escucha_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [ROOT / "escucha" / "locale"]
TIME_ZONE = "America/Bogota"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "escucha.web.ui.storage.OneSheet"},
    "files": {
        "BACKEND": "escucha.contexts.documents.gateways.store.PrivateFolder",
        "OPTIONS": {"location": VAR / "files"},
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_HANDLERS = [  # in this order: by its length, in memory what is small, the rest to a file of its own
    "escucha.web.ui.uploads.Doorkeeper",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CLAMD = os.environ.get("ESCUCHA_CLAMD", "")  # unix:/path or tcp://host:port; without it no virus scanner looks

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF, EVENTS.format(host="*")] if EVENTS != ADDRESS else [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0  # of this host alone: others of its domain are not ours
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "escucha.web.ui.errors.stale_form"

# Without a mail server messages are kept and shown on the page of test e-mails.
_mail = urlsplit(os.environ.get("ESCUCHA_SMTP", ""))
MAIL_SERVER = _mail.hostname or ""
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_SERVER,
            "port": _mail.port or 25,
            "username": unquote(_mail.username or ""),
            "password": unquote(_mail.password or ""),
            "use_tls": _mail.scheme == "smtp+tls",
            "timeout": 15,
        },
    }
}
DEFAULT_FROM_EMAIL = os.environ.get("ESCUCHA_FROM", "escucha@example.org")
# How each mailbox that is read is entered: ESCUCHA_MAILBOX_<ORGANISATION>_<KEY>=imaps://user:password@host/folder
# The secret with which the switchboard of an organisation signs what it tells: ESCUCHA_SWITCHBOARD_<ORGANISATION>.
SWITCHBOARDS = {name: value for name, value in os.environ.items() if name.startswith("ESCUCHA_SWITCHBOARD_")}
MAILBOXES = {name: value for name, value in os.environ.items() if name.startswith("ESCUCHA_MAILBOX_")}

# ESCUCHA_SMS_<ORGANISATION>=gateway:user:secret. Without it, and in an example organisation, texts are kept.
SMS_ACCOUNTS = {
    name.removeprefix("ESCUCHA_SMS_").lower().replace("_", "-"): value
    for name, value in os.environ.items()
    if name.startswith("ESCUCHA_SMS_")
}
SMS_ADDRESSES = {"twilio": "https://api.twilio.com", "telnyx": "https://api.telnyx.com"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"keyless": {"()": "escucha.web.ui.keyless.Keyless"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["keyless"],
            "stream": sys.stderr,
        }
    },
    "loggers": {"django": {"handlers": [], "level": "INFO"}},  # instead of its own handlers, which would not mask
    "root": {"handlers": ["console"], "level": os.environ.get("ESCUCHA_LOG", "WARNING")},
}
