"""One number sequence a kind: unique, gaps allowed (RELIABILITY 3)."""

from django.db import migrations

KINDS = ("incident", "problem", "change", "request", "task", "demand", "improvement", "continuity")


class Migration(migrations.Migration):
    dependencies = [("records", "0002_initial")]
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE record_number_{kind} START 1001", f"DROP SEQUENCE record_number_{kind}")
        for kind in KINDS
    ]
