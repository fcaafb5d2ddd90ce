"""What the process environment says, parsed and typed: the only reader of environment variables.

Imports neither Django nor Celery, so settings, the supervisor and the test plugin can all use it.
"""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
DATABASE_NAME = "spindel"
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes for a Unix socket, file name included

# Every variable that Spindel reads. The deployment page and docker-compose.yml are checked against it.
VARIABLES = {
    "DATABASE_URL": "PostgreSQL, as postgres://user:password@host:port/name; unset: the embedded server",
    "REDIS_URL": "Redis or Valkey, as redis://host:port/0 or unix:///path; unset: the embedded server",
    "PORT": "port of the web server, 8000 unless given",
    "SPINDEL_DATA": "directory for attachments, keys and the embedded servers' data, var/ unless given",
    "SPINDEL_SECRET_KEY": "signs sessions; unset: made once and kept in SPINDEL_DATA/secret.key",
    "SPINDEL_JOURNAL_KEY": "seals the journal; unset: made once and kept in SPINDEL_DATA/journal.key",
    "SPINDEL_DEBUG": "1 shows tracebacks in the browser; never in production",
    "SPINDEL_HTTPS": "1 behind a proxy that ends TLS: secure cookies, redirects, strict transport security",
    "SPINDEL_DEMO": "0 leaves a new database empty instead of filling it with demo data",
    "SPINDEL_URL": "how people reach Spindel, for links in mails; http://localhost:PORT unless given",
    "SMTP_URL": "mail server, as smtp://user:password@host:port or smtps://; unset: no mail is sent",
    "SPINDEL_FROM": "sender address of mails, spindel@ the host of SPINDEL_URL unless given",
    "SPINDEL_PROXIES": "how many own proxies add to X-Forwarded-For; 1 with SPINDEL_HTTPS=1, else 0",
    "ALLOWED_HOSTS": "host names that the web server answers to, separated by commas",
    "SPINDEL_METRICS_TOKEN": "Bearer token for /metrics; unset: only this machine reads it",
    "PROMETHEUS_MULTIPROC_DIR": "empty directory in which web workers count together; make run sets it",
}


class EnvironmentFault(Exception):
    """A variable that cannot be used; the message is a sentence that says what to do."""


def port() -> int:
    """The web server's port, 1-65535."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise EnvironmentFault(f"PORT is {text!r}. Give a number from 1 to 65535.")
    return int(text)


def data_directory() -> Path:
    """Where files live that outlast the process. It may not exist yet."""
    given = os.environ.get("SPINDEL_DATA")
    return Path(given).expanduser().resolve() if given else ROOT / "var"


def debug() -> bool:
    """Whether tracebacks may reach the browser."""
    return os.environ.get("SPINDEL_DEBUG", "") == "1"


def proxies() -> int:
    """How many of our own proxies stand in front; the address they name is believed. One behind HTTPS, else none."""
    given = os.environ.get("SPINDEL_PROXIES", "")
    return int(given) if given.isdecimal() else int(https())


def https() -> bool:
    """Whether people reach the web server through a proxy that ends TLS and sets X-Forwarded-Proto."""
    return os.environ.get("SPINDEL_HTTPS", "") == "1"


def metrics_token() -> str:
    """What a scraper of /metrics on another machine must send as Bearer token; without one only this machine asks."""
    return os.environ.get("SPINDEL_METRICS_TOKEN", "").strip()


def metrics_directory() -> str:
    """Where the web workers count requests together; empty when each counts by itself. The library reads it as well."""
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")


def demo() -> bool:
    """Whether `make run` may fill a new database with demo data."""
    return os.environ.get("SPINDEL_DEMO", "1") != "0"


def allowed_hosts() -> list[str]:
    """Host names to answer to; this machine's own unless told otherwise."""
    given = os.environ.get("ALLOWED_HOSTS", "")
    return [host.strip() for host in given.split(",") if host.strip()] or ["localhost", "127.0.0.1", "[::1]"]


def public_url() -> str:
    """The address that links in mails and webhooks begin with, without a slash at the end."""
    return (os.environ.get("SPINDEL_URL") or f"http://localhost:{port()}").rstrip("/")


def mail_domain() -> str:
    """The host name in Message-IDs and in the default sender."""
    return urlsplit(public_url()).hostname or "localhost"


def sender() -> str:
    """The address that mails come from."""
    return os.environ.get("SPINDEL_FROM") or f"spindel@{mail_domain()}"


def smtp() -> dict[str, str | int | bool]:
    """Django's EMAIL_* settings from SMTP_URL; an empty EMAIL_HOST means that no mail is sent."""
    parts = urlsplit(os.environ.get("SMTP_URL", ""))
    if parts.scheme not in ("", "smtp", "smtps"):
        raise EnvironmentFault("SMTP_URL must begin with smtp:// or smtps://.")
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and dict(parse_qsl(parts.query)).get("starttls") == "1",
    }


def secret_key() -> str:
    """Django's signing key."""
    return os.environ.get("SPINDEL_SECRET_KEY") or _kept_secret(data_directory() / "secret.key")


def journal_key() -> bytes:
    """The key of the journal's chain, kept outside the database. Losing it ends verification (ARCHITECTURE 5)."""
    return (os.environ.get("SPINDEL_JOURNAL_KEY") or _kept_secret(data_directory() / "journal.key")).encode()


def database_url() -> str:
    """DATABASE_URL, or the embedded server of the data directory."""
    return os.environ.get("DATABASE_URL") or embedded_database_url(data_directory() / "embedded")


def redis_url() -> str:
    """REDIS_URL, or the embedded server of the data directory."""
    return os.environ.get("REDIS_URL") or embedded_redis_url(data_directory() / "embedded")


def socket_directory(root: Path) -> Path:
    """The short directory that holds the Unix sockets of the servers whose data is in `root`."""
    name = f"spindel-{os.geteuid()}-{hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:10]}"
    place = Path(tempfile.gettempdir()) / name
    longest = len(str(place / ".s.PGSQL.5432").encode())
    return place if longest <= LONGEST_SOCKET_PATH else Path("/tmp") / name  # noqa: S108  # made 0700, owner checked


def embedded_database_url(root: Path) -> str:
    """How to reach the embedded PostgreSQL whose data is in `root`."""
    return f"postgres://{DATABASE_NAME}@/{DATABASE_NAME}?host={quote(str(socket_directory(root)), safe='/')}"


def embedded_redis_url(root: Path) -> str:
    """How to reach the embedded Valkey whose data is in `root`."""
    return f"unix://{quote(str(socket_directory(root) / 'valkey.sock'), safe='/')}"


def parse_database_url(url: str) -> dict[str, str | dict[str, str]]:
    """An entry for Django's DATABASES. Query parameters other than host and port become connection options."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise EnvironmentFault("DATABASE_URL must begin with postgres://. Spindel runs on PostgreSQL only.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or parts.hostname or ""
    at_port = options.pop("port", "") or str(parts.port or "")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise EnvironmentFault("DATABASE_URL names no database. Write it as postgres://user:password@host:port/name.")
    return {
        "ENGINE": "itsm.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": at_port,
        "OPTIONS": options,
    }


def celery_url(url: str) -> str:
    """The broker URL for Celery: the database after the cache's, so that clearing the cache loses no task."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        database = int(dict(parse_qsl(parts.query)).get("db", "0")) + 1
        return f"redis+socket://{parts.path}?virtual_host={database}"
    if parts.scheme not in ("redis", "rediss"):
        raise EnvironmentFault("REDIS_URL must begin with redis://, rediss:// or unix://.")
    database = int(parts.path.strip("/") or "0") + 1
    return urlunsplit(parts._replace(path=f"/{database}"))


def _kept_secret(path: Path) -> str:
    """The secret in the file, made on first use. Two processes that race get the same one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
