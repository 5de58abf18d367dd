"""The one settings file: safe by default; what differs between places comes from the environment.

`python -m deploy.supervise` (behind `make run`) sets these variables for the embedded services. Names follow
libpq (PG*), DATABASE_URL / REDIS_URL, and ZST_* for what is ours.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from deploy.embedded.environment import fill_in

fill_in(os.environ)  # a command typed by hand finds the servers and keys of `make run`; what is set stays

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("ZST_STATE_DIR", BASE_DIR / ".state"))


def required(name: str) -> str:
    """The value of an environment variable, or a start-up error that names it."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"set {name} (make run and make test do it for you; see docs/operating.md)")
    return value


def database() -> dict[str, Any]:
    """DATABASE_URL (postgresql://user:password@host:port/name?host=/socket/folder), else libpq's PG* variables."""
    url = os.environ.get("DATABASE_URL", "")
    if url:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        return {
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", unquote(parts.hostname or "")),
            "PORT": options.pop("port", str(parts.port or "")),
            "OPTIONS": options,
        }
    return {
        "NAME": os.environ.get("PGDATABASE", "zhisutong"),
        "USER": os.environ.get("PGUSER", ""),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("PGHOST", ""),
        "PORT": os.environ.get("PGPORT", ""),
        "OPTIONS": {},
    }


SECRET_KEY = required("ZST_SECRET_KEY")
DATA_KEY = required("ZST_DATA_KEY")
DEBUG = os.environ.get("ZST_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("ZST_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = os.environ.get("ZST_HTTPS", "") == "1"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "procrastinate.contrib.django",
    "classifier",
    "routing",
    "complaints",
    "deploy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "deploy.problems.Outage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "deploy.urls"
CSRF_FAILURE_VIEW = "deploy.problems.csrf_failed"
ASGI_APPLICATION = "deploy.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True, **database()}
}
DATABASES["default"]["OPTIONS"] |= {
    "connect_timeout": 5,
    "options": "-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c statement_timeout=60s",
    # Twice the workers of the thread pool would only queue inside PostgreSQL: two cores, tens of requests.
    "pool": {"min_size": 1, "max_size": int(os.environ.get("ZST_DB_POOL", "16")), "timeout": 5},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": os.environ.get("ZST_CHANNEL_PREFIX", "zst")},
    }
}
# Throttle counters, and for seconds what a wall counted; per process on purpose: a dead Valkey never stops intake.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "complaints.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ZST_ORIGINS", "").split(",") if origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "frame-src": [SELF, "blob:"],  # evidence in PDF, fetched by the page itself
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Tables of the admin as files: a cell never becomes a formula of a spreadsheet.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "deploy" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
# Vite already names files by content; Django's own admin files are served under their plain names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
MEDIA_ROOT = STATE_DIR / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "deploy.problems.handle",
    "DEFAULT_THROTTLE_RATES": {
        "login": os.environ.get("ZST_LOGIN_RATE", "10/min"),
        "login_address": os.environ.get("ZST_LOGIN_ADDRESS_RATE", "200/min"),
        "code": os.environ.get("ZST_CODE_RATE", "60/min"),
        "hint": os.environ.get("ZST_HINT_RATE", "30/min"),
        "knowledge": os.environ.get("ZST_KNOWLEDGE_RATE", "120/min"),
        "check": os.environ.get("ZST_CHECK_RATE", "30/min"),
        # One address may be a whole call centre or a campus: set it by what stands in front of you.
        "intake": os.environ.get("ZST_INTAKE_RATE") or None,
    },
    "NUM_PROXIES": int(os.environ.get("ZST_PROXIES", "0")),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "质诉通 API",
    "DESCRIPTION": "Citizens' quality complaints: intake, routing, handling. Errors follow RFC 9457.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are used: names for each set of them collide
}

# Whoever sends it as a bearer token may read /metrics; empty: there is no such page.
METRICS_TOKEN = os.environ.get("ZST_METRICS_TOKEN", "")

# Where citizens reach this system; stands on printed documents, in their square code.
PUBLIC_URL = os.environ.get("ZST_PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('ZST_PORT') or 8000}").rstrip("/")

# Days after closing in which a citizen may ask for the case to be reopened.
REOPEN_DAYS = int(os.environ.get("ZST_REOPEN_DAYS", "30"))
# Days after a case was closed as solved in which the same trouble filed again speaks against the closing.
REFILE_DAYS = int(os.environ.get("ZST_REFILE_DAYS", "30"))
# Cases within a year from which on a company is called a repeat offender.
REPEAT_CASES = int(os.environ.get("ZST_REPEAT_CASES", "3"))

PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "concurrency": 2, "listen_notify": True}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ZST_LOG", "WARNING")},
    "loggers": {"complaints.exports": {"level": "INFO"}},  # who took which report out
}
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
