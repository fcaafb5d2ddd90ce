"""Settings for every installation; what differs between them comes from the environment (itsm.environment)."""

from datetime import timedelta

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from itsm import environment
from kernel.zones import pin_tzdata

pin_tzdata()

ROOT = environment.ROOT
DEBUG = environment.debug()
SECRET_KEY = environment.secret_key()
SPINDEL_JOURNAL_KEY = environment.journal_key()
SPINDEL_DATA = environment.data_directory()
SPINDEL_METRICS_TOKEN = environment.metrics_token()
ALLOWED_HOSTS = environment.allowed_hosts()

FLOORS = ["kernel", "journal", "accounts", "workforce", "registry", "records", "sla", "coordination", "notifications",
          "processes", "incidents", "intake", "reports", "itsm"]  # fmt: skip
INSTALLED_APPS = [
    *FLOORS[1:],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "csp",
]
MIDDLEWARE = [
    "itsm.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.DoorMiddleware",
    "accounts.middleware.RefusedMiddleware",
]
ROOT_URLCONF = "itsm.urls"
WSGI_APPLICATION = "itsm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"spindel": "kernel.templatetags.spindel"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "kernel.forms.ComponentRenderer"  # every field through templates/_components/field.html
FILTERS_EMPTY_CHOICE_LABEL = _("Any")  # instead of nine dashes

# ---------------------------------------------------------------- data
_database = environment.parse_database_url(environment.database_url())
_options = _database.pop("OPTIONS")
DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **(_options if isinstance(_options, dict) else {}),
            # A record's page joins a dozen tables by primary keys. Weighing their orders took PostgreSQL up to 16 ms a
            # statement for nothing: the order as written is right, so it weighs four at a time (1.2 ms).
            "options": "-c lock_timeout=3s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s "
            "-c pg_trgm.word_similarity_threshold=0.45 -c join_collapse_limit=4",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "itsm.cache.FailOpenCache",
        "LOCATION": environment.redis_url(),
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    }
}
SESSION_ENGINE = "accounts.signin.sessions"

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.signin.backends.PersonBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# E-mail is unique where it is present and whatever its case: a constraint on Lower("email"), which the check misses.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # no box to tick; the limits are settings of the installation
ACCOUNT_ADAPTER = "accounts.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.signin.forms.LoginForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that strangers type
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # counted in PostgreSQL by axes; the others in the cache
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "accounts.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.signin.forms.AuthenticateForm",
    "reauthenticate": "accounts.signin.forms.ReauthenticateForm",
}
MFA_TOTP_ISSUER = "Spindel"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ by up to half a minute
SPINDEL_PROXIES = environment.proxies()
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = "accounts.signin.throttle.counted_by"
AXES_USERNAME_CALLABLE = "accounts.signin.throttle.account_name"
AXES_CLIENT_IP_CALLABLE = "accounts.signin.throttle.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.signin.throttle.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = False  # an own success between guesses must not clear the count of guesses
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are events of the journal
AXES_VERBOSE = False

# ---------------------------------------------------------------- words and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sv", "Svenska"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# ---------------------------------------------------------------- web
STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = ROOT / "staticfiles"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "itsm.pages.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 8  # idle; setting "accounts" changes it (accounts.options)
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from inside, over plain HTTP
if environment.https():  # behind a proxy that ends TLS; plain HTTP is for one's own machine
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

SPINDEL_MAX_UPLOAD_MB = 25
FILE_UPLOAD_HANDLERS = [
    "kernel.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "kernel.uploads.FileOnDisk",
]
FILE_UPLOAD_PERMISSIONS = 0o600

# ---------------------------------------------------------------- background
CELERY_BROKER_URL = environment.celery_url(environment.redis_url())
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "socket_timeout": 1.0, "socket_connect_timeout": 0.5}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {  # a second way to what the engine does; nothing depends on it
    "sweep": {"task": "itsm.tasks.sweep", "schedule": 15.0, "options": {"expires": 14.0}},
    "relay": {"task": "itsm.tasks.relay", "schedule": 15.0, "options": {"expires": 14.0}},
    "seal": {"task": "itsm.tasks.seal", "schedule": 60.0, "options": {"expires": 50.0}},
}

# ---------------------------------------------------------------- messages out
SPINDEL_URL = environment.public_url()
SPINDEL_MAIL_DOMAIN = environment.mail_domain()
DEFAULT_FROM_EMAIL = environment.sender()
_smtp = environment.smtp()
EMAIL_HOST = str(_smtp["EMAIL_HOST"])
EMAIL_PORT = int(_smtp["EMAIL_PORT"])
EMAIL_HOST_USER = str(_smtp["EMAIL_HOST_USER"])
EMAIL_HOST_PASSWORD = str(_smtp["EMAIL_HOST_PASSWORD"])
EMAIL_USE_SSL = bool(_smtp["EMAIL_USE_SSL"])
EMAIL_USE_TLS = bool(_smtp["EMAIL_USE_TLS"])

# ---------------------------------------------------------------- what operators read
LOGGING = {  # standard error; Django alone would keep the reason of a 500 to itself
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

# ---------------------------------------------------------------- API
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Views stand on accounts.rest.View; the door of any other API view is closed (accounts.middleware).
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "accounts.rest.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Spindel",
    "DESCRIPTION": "Everything that the browser can do, with the same commands and the same permissions.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["accounts.rest.schema.complete"],  # refusals and examples for every operation
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
