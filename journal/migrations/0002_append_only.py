"""Events are inserted, never changed: only erasure may empty data and salt (ARCHITECTURE 5)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('spindel.erasing', true) = 'on'
     AND (to_jsonb(NEW) - 'data' - 'salt') = (to_jsonb(OLD) - 'data' - 'salt') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_event
  FOR EACH ROW EXECUTE FUNCTION journal_event_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON journal_event
  FOR EACH STATEMENT EXECUTE FUNCTION journal_event_append_only();
"""
BACKWARD = "DROP FUNCTION journal_event_append_only() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
