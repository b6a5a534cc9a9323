"""Every setting, read from the environment only. `.env.example` explains each variable.

`.local/env` is read too when it is there: `make demo` writes it while it runs, so that manage.py
commands in the same checkout find the demo's services. A real environment variable always wins, and
LOCAL_ENV names another file, or none: tests beside a demo know nothing of it.
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from giftshop.env import SIGN_IN_ORIGINS, Env, sign_in_providers
from giftshop.http.body_limits import BODY_LIMIT_MAX

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
_local_env = os.environ.get("LOCAL_ENV", str(BASE_DIR / ".local" / "env"))
if os.path.isfile(_local_env) and os.access(_local_env, os.R_OK):
    env.read_env(_local_env)


# --- Where we run ------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.secrets("SECRET_KEY_FALLBACKS", default=[])
BASE_URL: str = env.site("BASE_URL")
ALLOWED_HOSTS: list[str] = env.hosts(
    "ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname, "127.0.0.1", "localhost"]
)
TRUSTED_PROXY_COUNT: int = env.whole("TRUSTED_PROXY_COUNT", default=0, least=0)
# Threads of one web process; at most half of them wait for anybody outside (giftshop/http/outside_calls.py).
WEB_THREADS: int = env.whole("WEB_THREADS", default=4)
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", default=["127.0.0.0/8", "::1/128"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "giftshop.http.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_MAX
STATUS_TOKEN: str = env.token("STATUS_TOKEN", default="")

# --- What is installed -------------------------------------------------------------------------

INSTALLED_APPS = [
    "core",
    "brands",
    "redemption",
    "giftshop.accounts",
    "giftshop.outbox",
    "giftshop.catalog",
    "giftshop.pictures",
    "giftshop.sheets",
    "giftshop.legal",
    "giftshop.offers",
    "giftshop.texts",
    "giftshop.orders",
    "giftshop.payments",
    "giftshop.delivery",
    "giftshop.news",
    "giftshop.questions",
    "giftshop.openings",
    "giftshop.refunds",
    "giftshop.handouts",
    "giftshop.reminders",
    "giftshop.privacy",
    "giftshop.reviews",
    "giftshop.reasons",
    "giftshop",
    "campaigns",
    *(["demo"] if env.bool("DEMO", default=False) else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.apple",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "giftshop.http.middleware.drop_forwarded_headers",
    "giftshop.http.browser_limits.limit_browsers",
    "giftshop.operator.health.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "giftshop.http.middleware.keep_no_copy",
    "giftshop.http.middleware.RequestLogMiddleware",
    "giftshop.http.middleware.refuse_long_headers",
    "giftshop.http.middleware.remember_address",
    "giftshop.http.request_bodies.refuse_unreadable",  # first: a query too is read in its letters
    "giftshop.http.middleware.refuse_nul",
    "giftshop.http.outside_calls.for_pages",
    "giftshop.http.middleware.refuse_half_addresses",
    "django.middleware.common.CommonMiddleware",
    "giftshop.http.middleware.let_tills_pass",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "giftshop.http.errors.say_wrong_method",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "giftshop.accounts.session_limits.end_old_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "campaigns.links.middleware.VisitorMiddleware",
    "giftshop.http.rate_limits.RateLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "giftshop.urls"
WSGI_APPLICATION = "giftshop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["core.templatetags.money", "core.templatetags.languages"],
        },
    }
]

# --- Where rows live ---------------------------------------------------------------------------

_database = env.database("DATABASE_URL")
_statement_seconds = env.whole("DATABASE_STATEMENT_TIMEOUT_SECONDS", default=60, least=0)
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "giftshop.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,  # the pool keeps them (giftshop.postgresql); a worker has none (celery_fixup)
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "pool": {
                "min_size": 1,
                "max_size": env.whole("DATABASE_POOL_SIZE", default=8),
                "timeout": 3.0,  # whoever waits longer is told to come back: giftshop.http.errors
                "reconnect_timeout": 3.0,  # then the next who asks has it tried anew
                # Longer than PostgreSQL's own limit: then nobody is there who could say so.
                "patience": _statement_seconds + 5.0 if _statement_seconds else None,
            },
            "connect_timeout": 3,
            "server_side_binding": True,
            "prepare_threshold": 5,
            "options": (
                "-c lock_timeout=3s -c idle_in_transaction_session_timeout=15s"
                f" -c statement_timeout={_statement_seconds}s"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Whom the product signs in as, where that is not the owner who migrates; see giftshop/operator/roles.py.
DATABASE_APP_ROLE: str = env.str("DATABASE_APP_ROLE", default="")
DATABASE_APP_PASSWORD: str = env.str("DATABASE_APP_PASSWORD", default="")

REDIS_URL: str = env.broker("REDIS_URL")

# --- Who may enter -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "studio"
LOGOUT_REDIRECT_URL = "login"
# Of django-allauth we use the way from a first proof to the last (giftshop/sign_in/).
ACCOUNT_ADAPTER = "giftshop.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation came to the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_FORMS = {"user_token": "giftshop.sign_in.forms.LinkForm"}  # nosec B105 - a form
ACCOUNT_RATE_LIMITS = (
    False  # ours are counted in PostgreSQL, so they need no cache that may be away
)
MFA_ADAPTER = "giftshop.sign_in.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Giftshop"
MFA_RATE_LIMITS = False
SOCIALACCOUNT_ADAPTER = "giftshop.sign_in.social.adapter.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = sign_in_providers(
    google={
        "GOOGLE_CLIENT_ID": env.text("GOOGLE_CLIENT_ID", default=""),
        "GOOGLE_CLIENT_SECRET": env.text("GOOGLE_CLIENT_SECRET", default=""),
    },
    apple={
        "APPLE_CLIENT_ID": env.text("APPLE_CLIENT_ID", default=""),
        "APPLE_TEAM_ID": env.text("APPLE_TEAM_ID", default=""),
        "APPLE_KEY_ID": env.text("APPLE_KEY_ID", default=""),
        "APPLE_PRIVATE_KEY": env.text("APPLE_PRIVATE_KEY", default=""),
    },
)
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_STORE_TOKENS = False
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_WHITELIST_CALLABLE = "giftshop.http.sign_in_limits.is_tried_by_known"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "username"  # not the model's field: the form's
AXES_LOCKOUT_TEMPLATE = "giftshop/accounts/locked.html"
AXES_CLIENT_IP_CALLABLE = "giftshop.http.middleware.client_ip"

# --- How we keep the wire and the browser safe -------------------------------------------------

_https = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^status$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if _https else "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = _https, True, "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ENGINE = "giftshop.accounts.sessions"
# How long the studio stays open without a request, and at most (giftshop/accounts/session_limits.py).
STUDIO_IDLE = timedelta(hours=2)
STUDIO_IDLE_AT_A_DEVICE = timedelta(minutes=15)
STUDIO_SESSION_MAX = timedelta(days=14)

# Kept for one device; 300 are a chain's whole till system on one key, with every tenth gift refused.
REFUSALS_PER_MINUTE: int = env.whole("REFUSALS_PER_MINUTE", default=300)

# With it senders are offered Messenger: docs/decisions/0028-passing-gifts-on-by-hand.md.
FACEBOOK_APP_ID: str = env.text("FACEBOOK_APP_ID", default="")

STRIPE_CHECKOUT_ORIGIN: str = env.text(
    "STRIPE_CHECKOUT_ORIGIN", default="https://checkout.stripe.com"
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [
            SELF,
            STRIPE_CHECKOUT_ORIGIN,
            *(SIGN_IN_ORIGINS[provider] for provider in SOCIALACCOUNT_PROVIDERS),
        ],
        **({"upgrade-insecure-requests": True} if _https else {}),
    }
}

# --- What protects codes and links at rest (core/crypto.py) -----------------------------

CODE_PEPPERS = env.keyring("CODE_PEPPERS")
CODE_ENCRYPTION_KEYS = env.keyring("CODE_ENCRYPTION_KEYS")
PIN_PEPPERS = env.keyring("PIN_PEPPERS")  # redemption/pins.py

# --- Who opens brands (giftshop/operator/self_service) ----------------------------------------------

INSTALLATION_NAME: str = env.text("INSTALLATION_NAME", default=urlsplit(BASE_URL).hostname)

SELF_SERVICE: bool = env.bool("SELF_SERVICE", default=False)
SELF_SERVICE_APPROVAL: bool = env.bool("SELF_SERVICE_APPROVAL", default=True)
SELF_SERVICE_PER_DAY: int = env.whole("SELF_SERVICE_PER_DAY", default=20)

# --- Money in ----------------------------------------------------------------------------------

STRIPE_API_BASE: str = env.str("STRIPE_API_BASE", default="")
STRIPE_SECRET_KEY: str = env.stripe_key(
    "STRIPE_SECRET_KEY", base_url=BASE_URL, api_base=STRIPE_API_BASE, debug=DEBUG
)
STRIPE_WEBHOOK_SECRETS: list[str] = env.stripe_webhook_secrets("STRIPE_WEBHOOK_SECRET")
STRIPE_LIVEMODE: bool = "_live_" in STRIPE_SECRET_KEY
STRIPE_EVENTS_AT_ONCE: int = env.whole("STRIPE_EVENTS_AT_ONCE", default=10)

# --- Mail --------------------------------------------------------------------------------------

_email = env.mail_server("EMAIL_URL")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
# One that takes mails by its API (giftshop/mail_providers.py), and what its reports at /webhooks/mail/ are
# known by.
MAIL_PROVIDER: str = _email.get("MAIL_PROVIDER", "")
MAIL_REPORTS = env.mail_reports(
    "EMAIL_WEBHOOK_SECRET",
    default="",
    provider=MAIL_PROVIDER,
    url=f"{BASE_URL}/webhooks/mail/",
)
ANYMAIL = {**_email.get("ANYMAIL", {}), **MAIL_REPORTS}
DEFAULT_FROM_EMAIL: str = env.text("DEFAULT_FROM_EMAIL", default="Giftshop <gifts@example.com>")
OPERATOR_EMAIL: str = env.str("OPERATOR_EMAIL", default="")

# --- Texts -------------------------------------------------------------------------------------

TWILIO: dict[str, str] = env.texts()

# --- Work after the answer (RELIABILITY: the row is the truth, Celery only carries it) ----------

# unix:///path?db=1 is redis-py's way to write what Celery writes as redis+socket:///path?virtual_host=1
CELERY_BROKER_URL = re.sub(r"^unix://", "redis+socket://", REDIS_URL).replace(
    "?db=", "?virtual_host="
)
CELERY_TASK_DEFAULT_QUEUE = "giftshop"
# No payment stands behind a mailing, no mail behind the facts: a worker takes from all in turn.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {
    "giftshop": {},
    "money": {},
    "mail": {},
    "facts": {},
}
CELERY_TASK_ROUTES = {"payments.*": {"queue": "money"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than the longest task
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "health_check_interval": 25,
    "retry_on_timeout": True,
}
CELERY_VISIBILITY_TIMEOUT = 600
OUTBOX_LEASE = timedelta(seconds=env.whole("OUTBOX_LEASE_SECONDS", default=120))
CELERY_BEAT_SCHEDULER = "giftshop.outbox.beat:LeasedScheduler"
CELERY_BEAT_SCHEDULE = {
    # Beat only kicks; what is due is decided by rows, so a lost or doubled kick does no harm.
    **{
        f"work off the outbox: {queue}": {
            "task": "outbox.work",
            "args": [queue],
            "schedule": 1.0,
            "options": {"queue": queue, "expires": 5},
        }
        for queue in CELERY_TASK_QUEUES
    },
    "work off Stripe's events": {
        "task": "payments.work_off_events",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "list the events that Stripe's webhooks did not bring": {
        "task": "payments.list_missed_events",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "forget spent codes": {"task": "redemption.wipe_spent_codes", "schedule": 3600.0},
    "count what was given and said of treats lately": {
        "task": "reviews.count_standings",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "expire gifts": {"task": "redemption.expire_codes", "schedule": 3600.0},
    "remind of gifts": {
        "task": "reminders.look",
        "schedule": 300.0,
        "options": {"expires": 240},
    },
    "promise Monday's letters": {
        "task": "campaigns.promise_letters",
        "schedule": 300.0,
        "options": {"expires": 240},
    },
    "watch what WhatsApp says of our messages": {
        "task": "texts.watch_templates",
        "schedule": 300.0,
        "options": {"expires": 240},
    },
    "seal what happened at the tills": {
        "task": "redemption.seal_facts",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "delete what is past its time": {  # each night, a minute each time; see giftshop/operator/retention.py
        "task": "giftshop.delete_what_is_past_its_time",
        "schedule": crontab(minute="*/15", hour="1-4"),
        "options": {"expires": 600},
    },
    "look after payments nobody came back from": {
        "task": "payments.settle_open_sessions",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
}

# --- Words, places, times ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# Only ours: no page uses what packages bring along, and not all of it can be hashed.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")).root
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Those that owners upload: in a folder, or in a bucket of whatever speaks S3.
    "pictures": env.picture_store("PICTURES_STORE", default=str(BASE_DIR / ".local" / "pictures")),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "giftshop.static_files.storage.ReleaseStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # what has no hash in its name can't be served by mistake

# --- The REST contract -------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["redemption.api.auth.DeviceAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["redemption.api.permissions.IsDevice"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["redemption.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "redemption.api.problems.handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Giftshop API",
    "DESCRIPTION": "Look up, redeem and reverse gifts from a till. Money is integer minor units.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
}

# --- Logs: one JSON object a line, never a code, a token or an address -------------------------

LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LOG_LEVEL: str = env.choice("LOG_LEVEL", LOG_LEVELS, default="INFO")
_as_json = {"as_json": env.bool("LOG_JSON", default=not DEBUG)}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "scrub": {"()": "giftshop.logs.Scrub"},
        "request_faults": {"()": "giftshop.logs.RequestFaults"},
        "without outages": {"()": "giftshop.postgresql.outage.WithoutOutages"},
    },
    "formatters": {
        "line": {"()": "giftshop.logs.formatter", **_as_json},
        "request": {"()": "giftshop.logs.request_formatter", **_as_json},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["scrub", "request_faults"],
        },
        "requests": {"class": "logging.StreamHandler", "formatter": "request"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": LOG_LEVEL},
        # Every request has its own line, see middleware.
        "django.request": {"level": "ERROR", "filters": ["without outages"]},
        "giftshop.requests": {"handlers": ["requests"], "propagate": False},
        "fido2": {"level": "WARNING"},  # at INFO it writes which passkey was used
        "stripe": {"level": "WARNING"},  # at INFO it writes addresses with session ids
        "django.server": {"handlers": ["stderr"], "propagate": False},
    },
}
