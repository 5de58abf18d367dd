"""The running number of cases, and the database's own guard over the event log."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION complaints_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER complaints_event_append_only BEFORE UPDATE OR DELETE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_event_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE complaints_case_running", "DROP SEQUENCE complaints_case_running"),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER complaints_event_append_only ON complaints_event;"
            "DROP FUNCTION complaints_event_append_only();",
        ),
    ]
