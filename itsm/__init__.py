"""The installation: settings, URLs, the Celery app, management commands. Imported by no other app."""
